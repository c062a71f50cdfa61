"""A table as a file for a spreadsheet, line by line, however long it is."""

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse


class Line:
    """What a csv.writer writes to; it hands back what it was given."""

    def write(self, text: str) -> str:
        return text


def written(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A mark that tells spreadsheets the encoding, the names of the columns, then the rows."""
    writer = csv.writer(Line())
    yield "\ufeff" + writer.writerow(columns)
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(cell: str) -> str:
    """A spreadsheet takes a cell that begins like this for a formula, whoever named the vehicle so."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def answer(name: str, lines: Iterable[str]) -> StreamingHttpResponse:
    """To be saved as `name`."""
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
