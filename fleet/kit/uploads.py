"""What is sent as a file stays in memory until it is known to be wanted: no part of it reaches the disk before."""

from django.core.files.uploadhandler import FileUploadHandler, MemoryFileUploadHandler, SkipFile, StopUpload

from fleet.kit.pictures import MOST_BYTES

MOST_AT_ONCE = 5 * MOST_BYTES  # a whole form


class Capped(MemoryFileUploadHandler):
    """Reads past a file that is too heavy, or that a stranger sends, and notes its field in `request.too_heavy`.

    What is larger than a whole form may be is not read to its end.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):  # noqa: N803 - Django's
        self.activated, self.is_flood = True, content_length > MOST_AT_ONCE
        self.request.too_heavy = set()

    def new_file(self, field_name, *args, **kwargs):
        FileUploadHandler.new_file(self, field_name, *args, **kwargs)
        self.length = 0
        user = getattr(self.request, "user", None)
        if self.is_flood:
            self.request.too_heavy.add(field_name)
            raise StopUpload(connection_reset=True)
        if user is None or not user.is_authenticated:
            raise SkipFile
        super().new_file(field_name, *args, **kwargs)

    def receive_data_chunk(self, raw_data, start):
        self.length += len(raw_data)
        if self.length > MOST_BYTES:
            self.request.too_heavy.add(self.field_name)
            raise SkipFile
        return super().receive_data_chunk(raw_data, start)
