"""What a file tells beside its content is taken out here: who wrote it, where, when and with which program.

Run as a program of its own (``python -m portal.filework.strip KIND SOURCE TARGET``) within limits; needs no Django.
"""
