"""Speak the gateway's prompts anew into maillage/conference/prompts: `python -m tooling.prompts`.

Needs espeak-ng and ffmpeg. A network may replace any file by a human voice: raw A-law, 8 kHz, one channel.
"""

import subprocess
import sys

from maillage.conference.gateways.relay.prompts import FOLDER
from tooling.services import program

TEXTS = {
    "fr": {
        "code": "Bonjour. Tapez le code à six chiffres de votre réunion.",
        "wrong": "Ce code n'est pas connu. Tapez-le de nouveau.",
        "refused": "Ce code n'est toujours pas connu. Vérifiez-le dans votre convocation, puis rappelez. Au revoir.",
        "early": "Cette réunion n'est pas encore ouverte. Rappelez quelques minutes avant son début. Au revoir.",
        "over": "La réunion est terminée. Au revoir.",
        "waiting": "Vous êtes en attente. On vous fait entrer dans un instant.",
        "not-admitted": "On ne peut pas vous ouvrir maintenant. Rappelez plus tard. Au revoir.",
        "joined": "Vous entrez dans la réunion.",
        "muted": "Votre micro est coupé.",
        "unmuted": "Votre micro est ouvert.",
        "trouble": "La réunion ne peut pas être jointe pour le moment. Rappelez dans une minute. Au revoir.",
        "recording-asks": "On demande à enregistrer cette réunion. Pour accepter, tapez 1. Pour refuser, tapez 2.",
        "recording-yes": "Vous acceptez d'être enregistré. Si vous changez d'avis, tapez 2.",
        "recording-no": "Vous refusez : rien n'est enregistré. Si vous changez d'avis, tapez 1.",
        "recording-on": "La réunion est maintenant enregistrée. Pour que cela cesse, tapez 2.",
        "recording-over": "La réunion n'est plus enregistrée.",
    },
    "en": {
        "code": "Hello. Please type the six digit code of your meeting.",
        "wrong": "This code is not known. Please type it again.",
        "refused": "This code is still not known. Please check it in your invitation, then call again. Goodbye.",
        "early": "This meeting is not open yet. Please call again a few minutes before it starts. Goodbye.",
        "over": "The meeting is over. Goodbye.",
        "waiting": "You are waiting. You will be let in shortly.",
        "not-admitted": "You cannot be let in now. Please call again later. Goodbye.",
        "joined": "You are entering the meeting.",
        "muted": "Your microphone is off.",
        "unmuted": "Your microphone is on.",
        "trouble": "The meeting cannot be reached for now. Please call again in a minute. Goodbye.",
        "recording-asks": "Someone asks to record this meeting. To accept, press 1. To refuse, press 2.",
        "recording-yes": "You accept to be recorded. If you change your mind, press 2.",
        "recording-no": "You refuse: nothing is recorded. If you change your mind, press 1.",
        "recording-on": "The meeting is now being recorded. To put an end to it, press 2.",
        "recording-over": "The meeting is no longer recorded.",
    },
}


def main() -> int:
    """Write every prompt."""
    speak, convert = program("espeak-ng", "espeak-ng"), program("ffmpeg", "ffmpeg")
    for language, texts in TEXTS.items():
        (FOLDER / language).mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            spelt = [speak, "-v", language, "-s", "140", "--stdout", text]
            spoken = subprocess.run(spelt, check=True, capture_output=True)
            options = ["-ar", "8000", "-ac", "1", "-af", "highpass=f=200,loudnorm", "-ar", "8000", "-f", "alaw"]
            command = [convert, "-v", "error", "-y", "-i", "-", *options, str(FOLDER / language / f"{name}.al")]
            subprocess.run(command, input=spoken.stdout, check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
