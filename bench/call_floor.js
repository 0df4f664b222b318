// The floor: two pages of one browser, a channel between them, and nothing but what WebRTC itself asks for.
(() => {
  const channel = new BroadcastChannel("bare-call");
  const wish = { audio: true, video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } } };
  let stream = null;
  let connection = null;

  const show = (track) => {
    const video = document.body.appendChild(document.createElement("video"));
    video.muted = true;
    video.srcObject = new MediaStream([track]);
    void video.play();
  };
  const open = () => {
    connection?.close();
    connection = new RTCPeerConnection();
    for (const track of stream.getTracks()) connection.addTrack(track, stream);
    connection.ontrack = ({ track }) => track.kind === "video" && show(track);
    connection.onicecandidate = ({ candidate }) => candidate && channel.postMessage({ candidate: candidate.toJSON() });
    return connection;
  };
  channel.onmessage = async ({ data }) => {
    if (data.candidate) await connection?.addIceCandidate(data.candidate);
    else if (data.type === "offer") {
      const answering = open();
      await answering.setRemoteDescription(data);
      await answering.setLocalDescription();
      channel.postMessage(answering.localDescription.toJSON());
    } else await connection?.setRemoteDescription(data);
  };
  window.floor = {
    ready: async () => void (stream = await navigator.mediaDevices.getUserMedia(wish)),
    call: async () => {
      await open().setLocalDescription();
      channel.postMessage(connection.localDescription.toJSON());
    },
  };
  document.body.innerHTML = "<button>call</button>";
  document.querySelector("button").addEventListener("click", () => window.floor.call());
})();
