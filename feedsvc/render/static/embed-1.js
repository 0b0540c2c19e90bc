/* feedsvc headlines, version 1. This file never changes: pin it by its hash.
   <feedsvc-headlines src="https://feeds.example/feeds/latest.json" count="5" live></feedsvc-headlines> */
(() => {
  "use strict";
  const NAME = "feedsvc-headlines";
  if (!window.customElements || customElements.get(NAME)) return;

  // a constructed sheet is no inline style: it works under a policy without 'unsafe-inline'
  let sheet;
  try {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(`
:host{display:block;color:var(--feedsvc-color,inherit);background:var(--feedsvc-background,transparent);font:var(--feedsvc-font,inherit)}
:host([hidden]){display:none}
:host([theme=light]){color:var(--feedsvc-color,#1c1b19);background:var(--feedsvc-background,#fff);--m:#5b5851;color-scheme:light}
:host([theme=dark]){color:var(--feedsvc-color,#ece9e1);background:var(--feedsvc-background,#161513);--m:#aaa69b;color-scheme:dark}
ol{margin:0;padding:0;list-style:none;counter-reset:r}
li{display:flex;gap:var(--feedsvc-gap,.75em);align-items:flex-start;padding-block:var(--feedsvc-gap,.75em);border-top:1px solid var(--feedsvc-rule,rgb(128 128 128/.35));counter-increment:r;text-align:start}
li:first-child{border-top:0}
.ranked li::before{content:counter(r);min-width:1.3em;font-weight:700;color:var(--feedsvc-accent,inherit)}
div{flex:1;min-width:0}
a{color:var(--feedsvc-link,inherit);font-weight:var(--feedsvc-weight,600);text-decoration:none;overflow-wrap:anywhere}
a:hover{text-decoration:underline;color:var(--feedsvc-accent,inherit)}
a:focus-visible{outline:3px solid currentColor;outline-offset:2px}
time{display:block;margin-top:.2em;font-size:.8125em;color:var(--feedsvc-muted,var(--m,inherit))}
img{flex:none;width:var(--feedsvc-image-width,6em);aspect-ratio:3/2;object-fit:cover;border-radius:3px}
p{position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (prefers-reduced-motion:no-preference){.new{animation:new 1.2s ease-out}@keyframes new{from{background:var(--feedsvc-flash,rgb(255 200 80/.4))}}}`);
  } catch {
    sheet = null;
  }

  const make = (name, part) => {
    const element = document.createElement(name);
    if (part) element.setAttribute("part", part);
    return element;
  };
  const web = (address) => {
    try {
      const url = new URL(address, document.baseURI);
      return /^https?:$/.test(url.protocol) ? url.href : "";
    } catch {
      return "";
    }
  };
  // storage may be denied altogether (private windows, frames of other sites, policies)
  const recall = (key) => {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  };
  const keep = (key, value) => {
    try {
      localStorage.setItem(key, JSON.stringify(value));
    } catch { /* then the list is not kept */ }
  };

  // ── one stream a page, for all elements on it ──
  const streams = new Map(); // address → Stream
  class Stream {
    constructor(address) {
      this.address = address;
      this.members = new Map(); // element → feed
    }
    join(element, feed) {
      if (this.members.get(element) === feed) return;
      this.members.set(element, feed);
      this.later();
    }
    leave(element) {
      if (this.members.delete(element)) this.later();
    }
    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.open(), 50);
    }
    close() {
      clearTimeout(this.timer);
      if (this.source) this.source.close();
      this.source = null;
      this.alive = false;
    }
    open() {
      const feeds = [...new Set(this.members.values())].sort();
      if (document.hidden || !window.EventSource) return;
      if (this.source && this.source.readyState < 2 && this.feeds === feeds.join()) return;
      this.close();
      if (!feeds.length) return;
      this.feeds = feeds.join();
      const query = feeds.map((feed) => `feed=${encodeURIComponent(feed)}`);
      if (this.last) query.push(`after=${encodeURIComponent(this.last)}`);
      let source;
      try {
        source = this.source = new EventSource(`${this.address}?${query.join("&")}`);
      } catch {
        return;
      }
      const each = (tell) => this.members.forEach((feed, element) => tell(element, feed));
      source.addEventListener("open", () => {
        this.alive = true;
        each((element) => element._plan());
      });
      source.addEventListener("again", (event) => {
        this.last = event.lastEventId;
        each((element) => element._soon());
      });
      source.addEventListener("news", (event) => {
        this.last = event.lastEventId;
        let told = {};
        try {
          told = JSON.parse(event.data);
        } catch { /* not ours */ }
        each((element, feed) => told[feed] && element._hear(told[feed]));
      });
      source.addEventListener("error", () => {
        this.alive = false;
        each((element) => element._plan());
        // the browser tries again by itself unless it was refused; then polling goes on and we ask later
        if (source.readyState === 2) this.timer = setTimeout(() => this.open(), 6e4 * (0.75 + Math.random() / 2));
      });
    }
  }

  class Headlines extends HTMLElement {
    static get observedAttributes() {
      return ["src", "count", "live", "images", "notime", "timezone", "lang", "target"];
    }
    constructor() {
      super();
      const root = this.attachShadow({ mode: "open" });
      if (sheet && "adoptedStyleSheets" in root) root.adoptedStyleSheets = [sheet];
      this._slot = make("slot"); // what stands inside the element is shown until there is a list
      this._list = make("ol", "list");
      this._list.setAttribute("role", "list");
      this._status = make("p", "status");
      this._status.setAttribute("role", "status");
      this._status.setAttribute("aria-live", "polite");
      root.append(this._slot, this._status);
      this._items = [];
      this._rows = new Map();
      this._failed = 0;
      this._look = () => (document.hidden ? this._rest() : this._wake());
    }
    connectedCallback() {
      document.addEventListener("visibilitychange", this._look);
      this._start();
    }
    disconnectedCallback() {
      document.removeEventListener("visibilitychange", this._look);
      this._rest();
      if (this._stream) this._stream.leave(this);
      this._stream = null;
    }
    attributeChangedCallback(name, before, now) {
      if (before === now || !this.isConnected || !this._src) return;
      if (name === "src" || name === "live") this._start();
      else this._show();
    }

    get _count() {
      return Math.min(50, Math.max(1, parseInt(this.getAttribute("count"), 10) || 10));
    }
    get _live() {
      return this.hasAttribute("live");
    }
    _start() {
      if (this._stream) this._stream.leave(this);
      this._stream = null;
      const src = web(this.getAttribute("src") || "");
      if (src !== this._src) {
        this._src = src;
        this._settled = false;
        const known = src && recall(`feedsvc:${src}`);
        if (known && Array.isArray(known.items)) this._take(known);
      }
      if (src) this._load();
    }
    _wake() {
      if (!this._live) return;
      this._load();
      if (this._stream) this._stream.later();
    }
    _rest() {
      clearTimeout(this._timer);
      if (this._stream) this._stream.close();
    }
    _soon() { // what is served may be a moment behind the stream
      clearTimeout(this._timer);
      this._load();
      setTimeout(() => this.isConnected && !document.hidden && this._load(), 3000);
    }
    _plan() {
      clearTimeout(this._timer);
      if (!this._live || !this.isConnected || document.hidden) return;
      const every = Math.max(5, parseInt(this.getAttribute("live"), 10) || this._age || 60);
      let wait = this._stream && this._stream.alive ? Math.max(every, 300) : every;
      if (this._failed) wait = Math.max(this._pause || 0, Math.min(900, every * 2 ** this._failed));
      this._timer = setTimeout(() => this._load(), wait * 1000 * (0.8 + Math.random() * 0.2));
    }

    async _load() {
      const src = this._src;
      const stop = new AbortController();
      const timer = setTimeout(() => stop.abort(), 15000);
      try {
        // asks the server, with the tag of what is cached: 304 costs next to nothing
        const answer = await fetch(src, { cache: "no-cache", credentials: "omit", signal: stop.signal });
        if (!answer.ok) {
          this._pause = parseInt(answer.headers.get("Retry-After"), 10) || 0;
          throw new Error(answer.status);
        }
        const feed = await answer.json();
        if (src !== this._src || !Array.isArray(feed.items)) return;
        this._failed = 0;
        const age = /max-age=(\d+)/.exec(answer.headers.get("Cache-Control") || "");
        this._age = age ? +age[1] : 60;
        const found = /<([^>]+)>;\s*rel="?monitor"?/.exec(answer.headers.get("Link") || "");
        this._follow(found ? web(found[1]) : "");
        this._take(feed);
        this._settled = true;
        keep(`feedsvc:${src}`, this._kept());
      } catch {
        this._failed++; // what is shown stays
      } finally {
        clearTimeout(timer);
        if (src === this._src) {
          this._list.setAttribute("part", this._failed ? "list list-stale" : "list");
          this._plan();
        }
      }
    }
    _follow(address) {
      if (!this._live || !address || !this.isConnected) return;
      const url = new URL(address), feed = url.searchParams.get("feed");
      const base = url.origin + url.pathname;
      if (!streams.has(base)) streams.set(base, new Stream(base));
      this._stream = streams.get(base);
      this._stream.join(this, feed);
    }
    _hear(told) {
      if (told.again) {
        setTimeout(() => this._load(), Math.random() * 500);
        return;
      }
      const gone = new Set([...(told.gone || []), ...(told.items || []).map((item) => item.id)]);
      // of one second, what is told now comes first, as in the feed; one moment has several spellings
      const items = (told.items || []).concat(this._items.filter((item) => !gone.has(item.id)));
      items.sort((a, b) => (Date.parse(b.date_published) || 0) - (Date.parse(a.date_published) || 0));
      this._take({ items, language: this._language });
      keep(`feedsvc:${this._src}`, this._kept());
    }

    _kept() {
      return { items: this._items, language: this._language };
    }
    _take(feed) {
      this._language = String(feed.language || "");
      this._items = feed.items.slice(0, 50).filter((item) => item && web(item.url) && item.title).map((item) => ({
        id: String(item.id), url: web(item.url), title: String(item.title), date_published: item.date_published,
        image: item.image || item.banner_image, language: item.language, _feedsvc: item._feedsvc,
      }));
      this._show();
    }
    _show() {
      const items = this._items.slice(0, this._count);
      const rows = new Map(), fresh = [];
      items.forEach((item, place) => {
        let row = this._rows.get(item.id);
        if (!row) {
          row = make("li", "item");
          row.dir = "auto";
          if (this._settled) {
            fresh.push(item.title);
            row.className = "new";
            row.setAttribute("part", "item item-new");
          }
        }
        rows.set(item.id, row);
        this._fill(row, item);
        // moved only where it has to: a link in focus keeps the focus
        if (this._list.children[place] !== row) this._list.insertBefore(row, this._list.children[place] || null);
      });
      this._rows.forEach((row, id) => rows.has(id) || row.remove());
      this._rows = rows;
      this._list.className = items.some((item) => item._feedsvc && item._feedsvc.rank) ? "ranked" : "";
      if (items.length && this._slot.isConnected) this._slot.replaceWith(this._list);
      if (fresh.length && this._live) this._status.textContent = fresh.join(". ");
    }
    _fill(row, item) {
      const want = [item.title, item.url, item.image, item.date_published, this.getAttribute("timezone"), this.lang,
        this.hasAttribute("images"), this.hasAttribute("notime"), this.getAttribute("target")].join("\n");
      if (row._has === want) return;
      row._has = want;
      let link = row.querySelector("a");
      if (!link) {
        link = make("a", "link");
        row.append(make("div", "text"));
        row.lastChild.append(link);
      }
      link.textContent = item.title;
      link.href = item.url;
      if (item.language || this._language) link.lang = item.language || this._language;
      const target = this.getAttribute("target");
      if (target) {
        link.target = target;
        link.rel = "noopener";
      }
      row.querySelectorAll("img,time").forEach((one) => one.remove());
      const picture = this.hasAttribute("images") && web(item.image || "x:");
      if (picture) {
        const image = make("img", "image");
        image.alt = "";
        image.loading = "lazy";
        image.src = picture;
        row.prepend(image);
      }
      const when = new Date(item.date_published);
      if (!this.hasAttribute("notime") && !isNaN(when)) {
        const time = make("time", "time");
        time.dateTime = item.date_published;
        time.textContent = this._moment(when);
        row.lastChild.append(time);
      }
    }
    _moment(when) {
      const form = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
      const zone = this.getAttribute("timezone");
      for (const [lang, more] of [[this.lang || this._language, zone && { timeZone: zone, timeZoneName: "short" }], [undefined, null]]) {
        try {
          return new Intl.DateTimeFormat(lang || undefined, { ...form, ...more }).format(when);
        } catch { /* a language or zone that this browser does not know */ }
      }
      return "";
    }
  }
  customElements.define(NAME, Headlines);
})();
