// The floor: one page in one room of Janus, with nothing but what Janus itself asks for. `floor.call()` joins, sends and
// shows everyone; when the server is lost it joins the next one of its list at once.
(() => {
  const wish = { audio: true, video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 24, max: 30 } } };
  let stream = null;
  let plan = null;
  let tries = 0;

  const show = (track) => {
    const video = document.body.appendChild(document.createElement("video"));
    video.muted = true;
    video.srcObject = new MediaStream([track]);
    void video.play();
  };

  const play = (feed, track) => {
    if (track.kind === "video") return show(track);
    const tile = document.querySelector(`[data-party="${plan.parties[feed.split(".")[0]]}"]`) ?? document.body.appendChild(document.createElement("div"));
    tile.dataset.party = plan.parties[feed.split(".")[0]];
    const audio = tile.querySelector("audio") ?? tile.appendChild(document.createElement("audio"));
    audio.srcObject = new MediaStream([track]);
    void audio.play();
  };

  const join = ({ url, door, room }) => {
    const socket = new WebSocket(url, "janus-protocol");
    window.floor.leave = () => {
      socket.onclose = null;
      return say("destroy");
    };
    const waiting = new Map();
    const heard = new Map();
    let session = 0;
    let count = 0;
    const say = (janus, body = {}, handle_id = 0) => {
      const transaction = `t${(count += 1)}`;
      socket.send(JSON.stringify({ janus, transaction, token: door, ...(session && { session_id: session }), ...(handle_id && { handle_id }), ...body }));
      return new Promise((done) => waiting.set(transaction, done));
    };
    socket.onmessage = ({ data }) => {
      const told = JSON.parse(data);
      if (told.janus === "ack") return;
      const done = waiting.get(told.transaction);
      if (done) done(told);
      else heard.get(told.sender)?.(told);
    };
    socket.onclose = () => setTimeout(() => join(plan.servers[(tries += 1) % plan.servers.length]), tries > 0 ? 50 : 0);
    const linked = (handle) => {
      const connection = new RTCPeerConnection();
      connection.onicecandidate = ({ candidate }) => void say("trickle", { candidate: candidate?.toJSON() ?? { completed: true } }, handle);
      return connection;
    };
    socket.onopen = async () => {
      session = (await say("create")).data.id;
      const [sender, receiver] = (await Promise.all([say("attach", { plugin: "janus.plugin.videoroom" }), say("attach", { plugin: "janus.plugin.videoroom" })])).map((one) => one.data.id);
      const sending = linked(sender);
      for (const track of stream.getTracks()) sending.addTrack(track, stream);
      await sending.setLocalDescription();
      let receiving = null;
      const names = new Map();
      const answer = async ({ plugindata: { data }, jsep }) => {
        for (const { mid, feed_id } of data.streams ?? []) names.set(mid, feed_id);
        if (!jsep) return;
        await receiving.setRemoteDescription(jsep);
        await receiving.setLocalDescription();
        await say("message", { body: { request: "start" }, jsep: receiving.localDescription }, receiver);
      };
      const receive = async (publishers = []) => {
        const streams = publishers.flatMap(({ id, streams: sent }) => sent.map(({ mid }) => ({ feed: id, mid })));
        if (streams.length === 0) return;
        const isNew = receiving === null;
        receiving ??= linked(receiver);
        receiving.ontrack = ({ track, transceiver }) => play(names.get(transceiver.mid), track);
        const body = isNew ? { request: "join", ptype: "subscriber", room: plan.room, token: room, streams } : { request: "update", subscribe: streams };
        await answer(await say("message", { body }, receiver));
      };
      heard.set(receiver, (told) => told.plugindata && void answer(told));
      let work = Promise.resolve();
      heard.set(sender, ({ plugindata }) => (work = work.then(() => receive(plugindata?.data?.publishers))));
      const id = `${plan.name}.${Math.random().toString(36).slice(2, 8)}`;
      const body = { request: "joinandconfigure", ptype: "publisher", room: plan.room, token: room, id, audio: true, video: true, videocodec: "h264" };
      const told = await say("message", { body, jsep: sending.localDescription }, sender);
      await Promise.all([sending.setRemoteDescription(told.jsep), (work = work.then(() => receive(told.plugindata.data.publishers)))]);
    };
  };

  window.floor = {
    ready: async (given) => {
      plan = given;
      stream = await navigator.mediaDevices.getUserMedia(wish);
    },
    call: () => join(plan.servers[0]),
    again: async () => {
      await Promise.race([window.floor.leave(), new Promise((late) => setTimeout(late, 500))]);
      join(plan.servers[0]);
    },
  };
  document.body.innerHTML = "<button>call</button>";
  document.querySelector("button").addEventListener("click", () => window.floor.call());
})();
