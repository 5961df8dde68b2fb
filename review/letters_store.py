"""Where letters meet the database: the signer in force, and the worker's step that makes a letter's file."""

from django.conf import settings


def signer():
    """Return the signer of the configured key, or ``None`` when there is no key: then nothing is issued."""
    from .letters.signing import signer_from

    return signer_from(settings.SIGNING_KEY_DIR)
