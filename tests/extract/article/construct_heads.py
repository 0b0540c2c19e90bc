"""What stands above the text of a made page: headline, date, reporter, picture, as many themes write them."""

from __future__ import annotations

from random import Random

from tests.extract.article.stories import INDONESIAN, STORIES, Story

_NAMES = {
    "none": ("",),
    "meaningless": (' class="css-1q{n}x"', ' class="k{n}"', ' class="_2f{n} sc-a{n}"'),
    "utility": (' class="relative flex mt-4"', ' class="col-md-8 pl-0"', ' class="md:grid order-{n}"'),
    "misleading": (
        ' class="widget-area"',
        ' class="related-content wrap"',
        ' class="has-sidebar"',
        ' class="sidebar-right-layout"',
        ' class="comment-date-wrapper"',
        ' class="jeg_pagination_disable"',
        ' class="popup-ready"',
    ),
}


class Head:
    """The head of one page; a seed makes each choice."""

    def __init__(self, seed: int) -> None:
        self.random = Random(f"constructs {seed}")
        self.seed = seed
        self.story: Story = INDONESIAN if seed % 2 else self.random.choice(STORIES)
        self.choices: dict[str, str] = {"language": self.story.language}
        self.naming = self.pick("names", "none", "none", "meaningless", "utility", "misleading")
        self.number = 0

    def pick(self, what: str, *among: str) -> str:
        self.choices[what] = chosen = self.random.choice(among)
        return chosen

    def named(self) -> str:
        self.number += 1
        return self.random.choice(_NAMES[self.naming]).format(n=self.number)

    # ── the head ──────────────────────────────────────────────────────────────────────────────────────

    def headline(self) -> str:
        title = self.story.title
        match self.pick("headline", "h1", "h1", "h1", "h2", "large div", "bold", "plain div", "h1 and span"):
            case "h1" | "h2" as tag:
                return f"<{tag}{self.named()}>{title}</{tag}>"
            case "large div":
                return f'<div style="font-size:28px;font-weight:bold">{title}</div>'
            case "bold":
                return f"<p><b><font size=5>{title}</font></b></p>"
            case "h1 and span":
                return f"<h1{self.named()}><span>{title}</span></h1>"
        return f"<div{self.named()}>{title}</div>"

    def meta(self) -> str:
        """The line of date and reporter."""
        story = self.story
        zone = self.pick("zone", story.zone, story.zone, "")
        date = self.pick("date", *story.dates).format(z=zone)
        if self.pick("capitals", "no", "no", "yes") == "yes" and story.language == "id":
            date = date.upper()
        self.line = date
        label = self.pick("label", "", "", story.labelled)
        by = self.pick("by", *story.labels)
        name = story.person
        if self.pick("linked name", "no", "yes") == "yes":
            name = f"<a href='/reporter/7'>{name}</a>"
        if self.pick("bold name", "no", "yes") == "yes":
            name = f"<b>{name}</b>"
        icon = self.pick("icon", "", "<i class='fa fa-clock'></i> ", "<svg><path d='M0'/></svg>")
        day, _, clock = date.partition(" | ")
        match self.pick(
            "meta", "bars", "bars", "br", "two", "spans", "list", "cells", "date alone", "name first"
        ):
            case "bars":
                return f"<div{self.named()}>{icon}{label}{date} | {by}{name}</div>"
            case "br":
                return f"<div{self.named()}>{icon}{label}{date} <br> {by}{name}</div>"
            case "two":
                return f"<div>{by}{name}</div><div{self.named()}>{icon}{label}{date}</div>"
            case "spans":
                parts = f"<span>{label}{day}</span>" + (f"<span>{clock}</span>" if clock else "")
                return f"<p{self.named()}>{icon}{parts}<span>{by}{name}</span></p>"
            case "list":
                return f"<ul{self.named()}><li>{by}{name}</li><li>{icon}{label}{date}</li></ul>"
            case "cells":
                return f"<table><tr><td>{label}{date}</td><td>{by}{name}</td></tr></table>"
            case "date alone":
                self.choices["unnamed"] = "yes"
                return f"<p{self.named()}>{icon}{label}{date}</p>"
        return f"<div{self.named()}>{by}{name} | {icon}{date}</div>"

    def image(self) -> tuple[str, str, str]:
        """(markup, address of the widest, address of the usual one)."""
        story, number = self.story, self.random.randrange(10**6)
        source = self.pick(
            "source", f"/images/berita/normal/2026/04/{number}-museum.webp", f"/uploads/2026/04/{number}.jpg"
        )
        size = self.pick("size", "", " width=800 height=450", " width='100%'", ' class="img-fluid w-100"')
        alt = self.pick("alt", "", f' alt="{story.title}"', ' alt="image"')
        wide = source.replace(".", "-1200.", 1)
        image = source
        match self.pick(
            "loading",
            "plain",
            "plain",
            "lazy",
            "srcset",
            "noscript",
            "source",
            "background",
            "amp",
            "original",
        ):
            case "lazy":
                img = f'<img src="/assets/spinner.gif" data-src="{source}"{size}{alt}>'
            case "original":
                pixel = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
                img = f'<img src="{pixel}" data-original="{source}"{size}{alt}>'
            case "srcset":
                img = f'<img src="{source}" srcset="{source} 640w, {wide} 1200w"{size}{alt}>'
                image = wide
            case "noscript":
                again = f'<noscript><img src="{source}"></noscript>'
                img = f'<img class="lazyload" data-lazy-src="{source}"{alt}>{again}'
            case "source":
                img = f'<picture><source srcset="{wide} 1200w"><img src="{source}"{size}{alt}></picture>'
                image = wide
            case "background":
                img = f"<div{self.named()} style=\"background-image:url('{source}');height:400px\"></div>"
            case "amp":
                img = f'<amp-img src="{source}" width=800 height=450 layout=responsive{alt}></amp-img>'
            case _:
                img = f'<img src="{source}"{size}{alt}>'
        return img, image, source

    def picture(self) -> tuple[str, str]:
        """(markup, address)."""
        img, image, source = self.image()
        story = self.story
        if self.pick("enlarge", "no", "no", "yes") == "yes":
            img = f'<a href="{source}">{img}</a>'
        caption = self.pick("caption", *story.credits).format(story.caption)
        match self.pick("frame", "figure", "p small", "div", "div em", "table", "center", "bare", "none"):
            case "figure":
                return f"<figure{self.named()}>{img}<figcaption>{caption}</figcaption></figure>", image
            case "p small":
                return f"<p>{img}<br><small>{caption}</small></p>", image
            case "div":
                return f"<div{self.named()}>{img}<div>{caption}</div></div>", image
            case "div em":
                return f"<div>{img}<p><em>{caption}</em></p></div>", image
            case "table":
                return f"<table><tr><td>{img}</td></tr><tr><td>{caption}</td></tr></table>", image
            case "center":
                return f"<center>{img}<br><font size=2>{caption}</font></center>", image
            case "bare":
                return f"{img}<span{self.named()}>{caption}</span>", image
        self.choices["uncaptioned"] = "yes"
        return f"<div{self.named()}>{img}</div>", image
