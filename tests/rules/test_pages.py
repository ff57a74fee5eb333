"""Does the page check find what it says it finds?"""

import pytest

from tests.pages import UnsoundPage, check, faults

SOUND = (
    '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Kerja sama</title>'
    '<link rel="stylesheet" href="/static/a.css"><script src="/static/a.js" defer></script>'
    '<script type="application/ld+json">{"a": null}</script></head><body>'
    '<main id="isi"><h1>Kerja sama</h1>{}</main></body></html>'
)


def page(body: str) -> str:
    return SOUND.replace("{}", body, 1)


@pytest.mark.parametrize(
    "body",
    [
        "",
        '<label for="q">Cari</label><input id="q" name="q">',
        "<label>Cari <input name=q></label>",
        '<input aria-label="Cari" name=q><input type=hidden name=h><button>Cari</button>',
        '<img src="/a.png" alt=""><svg aria-hidden="true"></svg>',
        '<svg role="img"><title>Peta</title><path d="M0 0"/></svg>',
        '<a href="#isi">Isi</a> None of these <code>None</code> <a href="/kerja-sama/nonetheless">a</a>',
        '<table><caption>a</caption><tbody><tr><th scope="row">a</th><td>1</td></tr></tbody></table>',
    ],
)
def test_a_sound_page_passes(body: str) -> None:
    assert faults(page(body)) == []


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ('<p id="a"></p><p id="a"></p>', "occurs 2 times"),
        ('<p id="isi"></p>', "occurs 2 times"),
        ("<input name=q>", "has no label"),
        ('<label for="q"></label><input id="q">', "has no label"),
        ("<select><option>a</option></select>", "has no label"),
        ('<a href="/a"></a>', "says nothing"),
        ('<img src="/a.png">', "has no alt"),
        ('<svg><path d="M0 0"/></svg>', "neither a title"),
        ("<script>1</script>", "a script stands"),
        ("<style>a{}</style>", "a <style> stands"),
        ('<p style="color:red">a</p>', "attribute style"),
        ('<p onclick="a()">a</p>', "attribute onclick"),
        ('<a href=" JavaScript:a()">a</a>', "runs a script"),
        ("<p>Status: None</p>", 'shows "None"'),
        ("<p>a <b>b</b> Undefined</p>", 'shows "Undefined"'),
        ("<p>%(count)s hasil</p>", 'shows "%(count)s"'),
        ('<a href="/kerja-sama/None">a</a>', "leads to"),
        ('<label>a <input value="None"></label>', 'value="None"'),
        ('<a href="#hilang">a</a>', "missing id"),
        ("<h1>Dua</h1>", "exactly one <h1>"),
        ("<p><div>a</p></div>", "had to repair"),
    ],
)
def test_a_fault_is_found(body: str, word: str) -> None:
    with pytest.raises(UnsoundPage, match=word.replace("(", r"\(").replace(")", r"\)")):
        check(page(body))


def test_a_page_needs_a_title_and_a_language() -> None:
    found = faults(page("").replace(' lang="id"', "").replace("<title>Kerja sama</title>", ""))
    assert len(found) == 2


def test_a_fragment_needs_neither_but_all_the_rest() -> None:
    assert faults('<section id="hasil"><a href="#isi">Isi</a></section>', fragment=True) == []
    assert faults('<section id="hasil"><input></section>', fragment=True) != []
