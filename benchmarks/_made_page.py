"""A page as a news site writes it: an article of made-up sentences in the furniture of a design system."""

import random
from html import escape

from _made_words import THINGS, sentence, title

_SCOPES = ("u", "l", "js", "md", "lg")


def _dress(rng, kind):
    """Attributes as design systems write them: extractors search each of these strings."""
    more = " ".join(f"{rng.choice(_SCOPES)}-{rng.choice(THINGS)}" for _ in range(rng.randrange(5)))
    track = f' data-track="{rng.getrandbits(60):x}"' if rng.random() < 0.3 else ""
    ident = f' id="{kind[:3]}-{rng.getrandbits(20)}"' if rng.random() < 0.15 else ""
    return f'class="{kind} {kind}--{rng.choice(THINGS)} {more}"{track}{ident}'


def _wrapped(rng, inner, depth):
    for level in range(depth):
        inner = f"<div {_dress(rng, f'box-{level}')}>{inner}</div>"
    return inner


def _links(rng, count, kind):
    return "".join(
        f"<li {_dress(rng, kind + '__item')}><a {_dress(rng, kind + '__link')} "
        f'href="/{rng.choice(THINGS)}/{rng.getrandbits(32):x}"><span {_dress(rng, "label")}>'
        f"{rng.choice(THINGS).title()} and {rng.choice(THINGS)} {i}</span></a></li>"
        for i in range(count)
    )


def _cards(rng, count):
    return "".join(
        _wrapped(
            rng,
            f'<a {_dress(rng, "card__image")} href="/a/{rng.getrandbits(30)}"><img alt="" loading="lazy" '
            f'src="/img/{rng.getrandbits(48):x}.jpg" srcset="/img/s.jpg 300w, /img/m.jpg 600w"></a>'
            f'<div {_dress(rng, "card__text")}><h3 {_dress(rng, "card__title")}><a href="/a/{i}">'
            f"{sentence(rng)[:70]}</a></h3><p {_dress(rng, 'card__excerpt')}>{sentence(rng)}</p>"
            f'<span {_dress(rng, "card__meta")}><time datetime="2026-05-0{rng.randrange(1, 9)}">{i} May</time>'
            f"<svg {_dress(rng, 'icon')}><path d='M1 2l3 4'></path></svg></span></div>",
            3,
        )
        for i in range(count)
    )


def _script(rng, size):
    values = ",".join(f'"k{rng.getrandbits(24):x}":[{rng.random():.6f},"{rng.getrandbits(60):x}"]' for _ in range(40))
    text = f"window.__state=Object.assign(window.__state||{{}},{{{values}}});"
    return "<script>" + (text * (size // len(text) + 1))[:size] + "//</script>"


def _inline(rng, text, number):
    """A paragraph with links and stress, as editors leave it."""
    words = text.split(" ")
    for tag in rng.sample(("a", "em", "strong", "span", "b"), rng.randrange(4)):
        at = rng.randrange(len(words))
        href = f' href="/t/{number}"' if tag == "a" else ""
        words[at] = f"<{tag}{href}>{words[at]}</{tag}>"
    return " ".join(words)


def _body(rng):
    parts = []
    for number in range(rng.randrange(7, 26)):
        text = _inline(rng, " ".join(sentence(rng) for _ in range(rng.randrange(1, 4))), number)
        parts.append(_wrapped(rng, f"<p {_dress(rng, 'paragraph')}>{text}</p>", rng.choice((0, 0, 0, 1))))
        if rng.random() < 0.15:
            parts.append(f"<h2>{rng.choice(THINGS).title()} and their price</h2>")
        if rng.random() < 0.12:
            image = f'<img src="/img/{number}.jpg" alt=""><figcaption>{sentence(rng)}</figcaption>'
            parts.append(_wrapped(rng, f"<figure {_dress(rng, 'figure')}>{image}</figure>", 2))
        if rng.random() < 0.08:
            parts.append(f"<blockquote><p>{sentence(rng)}</p></blockquote>")
        if rng.random() < 0.1:
            parts.append(_wrapped(rng, "<span>Advertisement</span><script>ads.push({})</script>", 3))
    return "".join(parts)


def made_page(number):
    """A page of 30 to 150 kB: head, scripts, navigation, article, related cards, comments, footer."""
    rng = random.Random(f"page {number}")
    name = escape(title(number))
    scripts = [_script(rng, rng.randrange(1_000, 14_000)) for _ in range(rng.randrange(2, 5))]
    comments = "".join(
        f"<li {_dress(rng, 'comment')}>{_wrapped(rng, f'<p>{sentence(rng)}</p>', 2)}</li>"
        for _ in range(rng.randrange(0, 12))
    )
    metas = "".join(f'<meta property="og:x{i}" content="{rng.getrandbits(60):x}">' for i in range(12))
    menu, foot = _links(rng, rng.randrange(30, 90), "menu"), _links(rng, rng.randrange(20, 70), "foot")
    post = (
        f'<article {_dress(rng, "post")}><h1>{name}</h1><div {_dress(rng, "byline")}>By <a href="/mei">Mei Tan</a>'
        f"</div><div {_dress(rng, 'post__content')}>{_body(rng)}</div></article>"
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name} | The Made Press</title>{metas}'
        f'<meta property="og:title" content="{name}"><meta name="author" content="Mei Tan">'
        f"<style>{'.a{margin:0;padding:1px 2px}' * rng.randrange(50, 400)}</style>{scripts[0]}</head><body>"
        f"<header {_dress(rng, 'site')}><nav><ul>{menu}</ul></nav></header>{scripts[1]}<main>"
        f"{_wrapped(rng, post, 4)}<div {_dress(rng, 'rail')}><h2>Related</h2>{_cards(rng, rng.randrange(8, 30))}</div>"
        f'<section id="comments"><ol class="comment-list">{comments}</ol></section></main>'
        f"<footer {_dress(rng, 'foot')}><ul>{foot}</ul><p>All rights reserved. The Made Press.</p></footer>"
        f"{''.join(scripts[2:])}</body></html>"
    ).encode()
