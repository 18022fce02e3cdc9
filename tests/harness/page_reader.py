"""An HTML page as a tree of elements, read without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

WITHOUT_END = {"meta", "input", "br", "hr", "img", "link"}


@dataclass
class Element:
    """A tag with its attributes; children are elements and texts."""

    tag: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def walk(self) -> Iterator[Element]:
        """This element and all below it."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def find(self, tag: str | None = None, of_class: str | None = None) -> list[Element]:
        """The elements below with this tag and class, in the order of the page."""
        return [
            each
            for each in self.walk()
            if tag in (None, each.tag) and (of_class is None or of_class in each.classes)
        ]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(element)
        if tag not in WITHOUT_END:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> ends <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def read_page(html: str) -> Element:
    """The tree of a page. AssertionError where its tags do not nest."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader._open == [reader.root], [element.tag for element in reader._open]
    return reader.root


def in_view(element: Element, view: str, views: tuple[str, ...]) -> Element:
    """The tree without what its classes hide in `view`: `from-X` before X, `only-X` outside of X."""
    kept = [
        child if isinstance(child, str) else in_view(child, view, views)
        for child in element.children
        if isinstance(child, str) or not _hidden(child.classes, view, views)
    ]
    return Element(element.tag, element.attributes, kept)


def _hidden(classes: list[str], view: str, views: tuple[str, ...]) -> bool:
    later = {f"from-{name}" for name in views[views.index(view) + 1 :]}
    others = {f"only-{name}" for name in views if name != view}
    return bool((later | others) & set(classes))
