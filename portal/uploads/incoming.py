"""Uploads too large for memory wait in the private store, where the sweep finds what a killed process leaves."""

import tempfile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler

from portal import blobs


class IntoPrivateStore(TemporaryFileUploadHandler):
    def new_file(self, *args: Any, **kw: Any) -> None:
        FileUploadHandler.new_file(self, *args, **kw)
        self.file = _Part(self.file_name, self.content_type, 0, self.charset, self.content_type_extra)


class _Part(TemporaryUploadedFile):
    def __init__(self, name, content_type, size, charset, extra):
        folder = blobs.incoming(settings.PRIVATE_ROOT)
        file = tempfile.NamedTemporaryFile(suffix=".upload", dir=folder)  # noqa: SIM115 - closed with the request
        UploadedFile.__init__(self, file, name, content_type, size, charset, extra)
