"""Records from an XML delivery, streaming: no document type, no entities, nothing fetched, bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler, feature_external_ges, feature_external_pes, feature_namespaces

from inbeeld.engine.intake.limits import DEEPEST_XML
from inbeeld.engine.intake.profile import Profile
from inbeeld.engine.intake.record import Record
from inbeeld.engine.refusal import BadInput

_CHUNK = 64 * 1024


def xml_records(file: Path, profile: Profile, *, shown: str, head: dict[str, str]) -> Iterator[Record]:
    """One record per `profile.record` element, fields by path ("AttendanceEvent/EventDate", "@key").

    `head` is filled with what stands in the `profile.head` element. BadInput with the line for XML that
    is cut off, damaged, of another kind, or carries a document type declaration.
    """
    from defusedxml import DefusedXmlException, sax

    handler = _Records(profile, shown=shown, head=head)
    parser = sax.make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setFeature(feature_external_ges, False)
    parser.setFeature(feature_external_pes, False)
    parser.setContentHandler(handler)
    handler.setDocumentLocator(parser)
    try:
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                parser.feed(chunk)
                yield from handler.take()
        parser.close()
        yield from handler.take()
    except DefusedXmlException:
        raise BadInput(shown, "XML without a DOCTYPE at the top", line=handler.line) from None
    except SAXParseException as error:
        raise BadInput(
            shown, "well-formed XML to the end; it is cut off or damaged", line=error.getLineNumber()
        ) from None
    except (SAXException, UnicodeError, LookupError):
        raise BadInput(shown, "well-formed XML", line=handler.line) from None
    if not handler.count:
        raise BadInput(shown, f"at least one {profile.record} in it")


def root_of(file: Path) -> str:
    """The local name of the root element; empty when the file does not begin as XML without a DTD."""
    from defusedxml import DefusedXmlException, sax

    class First(ContentHandler):
        name = ""

        def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802 - the parser's name
            self.name = self.name or name[1]

    handler = First()
    parser = sax.make_parser()
    parser.forbid_dtd = True
    parser.setFeature(feature_namespaces, True)
    parser.setContentHandler(handler)
    try:
        with file.open("rb") as stream:
            parser.feed(stream.read(_CHUNK))
    except (DefusedXmlException, SAXException, UnicodeError, LookupError):
        pass
    return handler.name


class _Records(ContentHandler):
    """Collects the text of each leaf under a record element, first one wins, and forgets the rest."""

    def __init__(self, profile: Profile, *, shown: str, head: dict[str, str]) -> None:
        super().__init__()
        self.profile = profile
        self.shown = shown
        self.head = head
        self.count = 0
        self._place: Any = None
        self._path: list[str] = []
        self._inside = 0
        self._values: dict[str, str] = {}
        self._began = 0
        self._text: list[str] = []
        self._done: list[Record] = []
        self._wanted = {n: f.name for f in profile.fields for n in f.names}
        self._columns = {f.name: f.names[0] for f in profile.fields}

    @property
    def line(self) -> int:
        return self._place.getLineNumber() or 1 if self._place else 1

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802 - the parser's name
        self._place = locator

    def take(self) -> list[Record]:
        done, self._done = self._done, []
        return done

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802 - the parser's name
        local = name[1]
        if not self._path and local != self.profile.root:
            raise BadInput(
                self.shown,
                f"the XML of {self.profile.title}, with {self.profile.root} outermost",
                line=self.line,
            )
        if len(self._path) >= DEEPEST_XML:
            raise BadInput(self.shown, f"XML of at most {DEEPEST_XML} levels", line=self.line)
        self._path.append(local)
        self._text = []
        if not self._inside and local in (self.profile.record, self.profile.head):
            self._inside = len(self._path)
            self._values = {}
            self._began = self.line
            for attribute in attrs.getNames():
                self._values.setdefault(f"@{attribute[1]}", attrs.getValue(attribute))

    def characters(self, content: str) -> None:
        if self._inside:
            self._text.append(content)

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: N802 - the parser's name
        if self._inside:
            if len(self._path) == self._inside:
                self._finish(name[1])
            else:
                path = "/".join(self._path[self._inside :])
                if text := "".join(self._text).strip():
                    self._values.setdefault(path, text)
        self._text = []
        self._path.pop()

    def _finish(self, local: str) -> None:
        self._inside = 0
        if local == self.profile.head:
            self.head.update(self._values)
            return
        self.count += 1
        values = {self._wanted[path]: text for path, text in self._values.items() if path in self._wanted}
        self._done.append(Record(self._began, values, self._columns, self.profile))
