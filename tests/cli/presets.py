#!/usr/bin/python3
"""The presets once more: what they are to find, worked out without the check language.

    presets.py records HEADS              prints HEADS as lines of --json
    presets.py compare HEADS PRESET OUT   holds what awget found in OUT against what is found here

HEADS is presets.heads, which says how it is written; a head for each header that is looked for, and for some
statuses, are added. compare also fails if there is a check that no head passes, or that none fails.
"""

import calendar
import json
import re
import sys
import time

NOW = calendar.timegm((2026, 11, 24, 12, 0, 0))
YEAR = 31536000
RULES = {}  # preset -> {id: (level, function)}
ALONE = []  # headers that are looked for: each also comes alone
STATUSES = 200, 203, 204, 206, 300, 301, 302, 304, 308, 400, 404, 405, 410, 414, 500, 501, 503


# --- heads ---


class Response:
    def __init__(self, words):
        self.url = words[0]
        options = dict(word.split("=", 1) for word in " ".join(words[1:]).split("; ") if word)
        self.address = options.get("address", "192.0.2.7")
        self.verify = options.get("verify", "ok")
        self.status, self.reason, self.version, self.lines = 0, "", "", []

    def add(self, line):
        if not self.status:
            self.version, status, self.reason = line.split(" ", 2)
            self.status = int(status)
            return
        times = re.match(r"(\d+) \* (.*)", line)
        for i in range(int(times[1]) if times else 1):
            name, value = (times[2].replace("%d", str(i)) if times else line).split(": ", 1)
            self.lines.append((name, re.sub(r"\\x(..)", lambda m: chr(int(m[1], 16)), value)))

    @property
    def scheme(self):
        return self.url.split(":")[0]

    def all(self, name):
        return [value for key, value in self.lines if key.lower() == name.lower()]

    def has(self, *names):
        return any(self.all(name) for name in names)

    def get(self, name):
        return (self.all(name) or [""])[0]

    def tokens(self, name, separators=",;"):
        """Of all lines, the elements of the list: (name, value) in lower case."""
        for line in self.all(name):
            yield from elements(line, separators)

    def says(self, name, *wanted):
        return any(token in wanted for token, _ in self.tokens(name))

    def directive(self, name, wanted):
        """The first of each line."""
        found = []
        for line in self.all(name):
            values = [value for token, value in elements(line, ",;") if token == wanted]
            found += values[:1]
        return found

    def seconds(self, name, wanted):
        """The numbers among a directive's values."""
        return [float(value) for value in self.directive(name, wanted) if re.fullmatch(r"[-+]?\d+(\.\d+)?", value)]

    def ages(self, name):
        return [NOW - t for t in map(date, self.all(name)) if t is not None]

    @property
    def page(self):
        return self.get("Content-Type").lower().startswith("text/html") and not 300 <= self.status < 400

    def cookies(self):
        """(name, attributes in lower case) of what a browser takes for a cookie."""
        for line in self.all("Set-Cookie"):
            if not re.search(r"[\x00-\x08\x0a-\x1f\x7f]", line):
                pair, *rest = line.split(";")
                attributes = {}
                for attribute in rest:
                    key, _, value = attribute.partition("=")
                    attributes[key.strip().lower()] = value.strip()
                yield pair.partition("=")[0].strip(), attributes


def elements(line, separators):
    for part in re.findall(r'(?:"(?:\\.|[^"\\])*"|[^"%s])+' % separators, line):
        m = re.match(r"\s*([^\s=]*)\s*=?\s*(.*?)\s*$", part, re.S)
        if m[1] or m[2]:
            yield m[1].lower(), m[2].strip('"').lower()


def date(text):
    try:
        return calendar.timegm(time.strptime(text, "%a, %d %b %Y %H:%M:%S GMT"))
    except ValueError:
        return None


class Head:
    """A record: its responses, the last of which is also found as attributes of this."""

    def __init__(self, name):
        self.name, self.chain = name, []

    def __getattr__(self, name):
        return getattr(self.chain[-1], name)

    def hop(self, n):
        """An earlier response, or None."""
        return self.chain[n - 1] if n < len(self.chain) else None


def read(path):
    heads = []
    with open(path, encoding="utf-8") as file:
        for line in file.read().split("\n"):
            if line.startswith("@ "):
                heads.append(Head(line[2:]))
            elif line.startswith("http"):
                url, _, rest = line.partition(" ")
                heads[-1].chain.append(Response([url, rest]))
            elif line and not line.startswith("#"):
                heads[-1].chain[-1].add(line)
    return heads + [short("alone-" + name, 200, name + ": 1") for name in dict.fromkeys(ALONE)] + [
        short(f"status-{status}", status, "Content-Type: text/html") for status in STATUSES]


def short(name, status, line):
    head = Head(name)
    head.chain.append(Response(["https://short.example/"]))
    head.add(f"HTTP/1.1 {status} Reason")
    head.add(line)
    return head


def fields(response):
    return [{"name": name, "value": value} for name, value in response.lines]


def record(n, head):
    tls = {"version": "TLSv1.3", "cipher": "TLS_AES_256_GCM_SHA384", "alpn": None, "verify": head.verify,
           "issuer": "CN=CA", "subject": "CN=x", "names": [], "not_after": "2027-01-01T00:00:00Z", "days": 37}
    return {
        "schema": 1, "n": n, "target": head.name, "tag": None, "url": head.url, "address": head.address,
        "port": 443 if head.scheme == "https" else 80, "http_version": head.version[5:], "status": head.status,
        "reason": head.reason, "headers": fields(head),
        "hops": [{"url": h.url, "address": h.address, "status": h.status, "headers": fields(h)}
                 for h in head.chain[:-1]],
        "tls": tls if head.scheme == "https" else None, "proxy": None, "attempts": 1,
        "timing": {"dns": 0.001, "connect": 0.01, "tls": None, "first_byte": 0.04, "total": 0.041},
        "time": "2026-11-24T12:00:00.000Z", "checks": [], "error": None,
    }


# --- rules: True, False, or None for one that does not apply ---


def rule(preset, name, level="fail"):
    def keep(function):
        assert name not in RULES.setdefault(preset, {}), name
        RULES[preset][name] = (level, function)
        return function
    return keep


def should(preset, name):
    return rule(preset, name, "warn")


def none_of(preset, name, *names, level="warn"):
    """None of these headers."""
    ALONE.extend(names)
    rule(preset, name, level)(lambda r: not r.has(*names))


def on_pages(preset, name, level, function):
    rule(preset, name, level)(lambda r: function(r) if r.page else None)


def with_header(preset, name, level, header, function):
    rule(preset, name, level)(lambda r: function(r) if r.has(header) else None)


STS, CSP, CC = "Strict-Transport-Security", "Content-Security-Policy", "Cache-Control"


def to_https(r):
    return 300 <= r.status < 400 and r.get("Location").lower().startswith("https://")


def sts_age(r):
    return max(r.seconds(STS, "max-age"), default=0)


# owasp

should("owasp", "https")(lambda r: to_https(r) if r.scheme == "http" else None)
rule("owasp", "hsts")(lambda r: sts_age(r) >= YEAR if r.scheme == "https" else None)
rule("owasp", "hsts-subdomains")(lambda r: bool(r.directive(STS, "includesubdomains")) if sts_age(r) > 0 else None)
should("owasp", "hsts-long")(lambda r: sts_age(r) >= 2 * YEAR if sts_age(r) >= YEAR else None)


@rule("owasp", "nosniff")
def _(r):
    return None if r.status == 204 or 300 <= r.status < 400 else r.says("X-Content-Type-Options", "nosniff")


def framing(r):
    options = [token for token, _ in r.tokens("X-Frame-Options", ",")]
    return bool(r.directive(CSP, "frame-ancestors")) or (options != [] and set(options) <= {"deny", "sameorigin"})


def referrer(r):
    last = (r.all("Referrer-Policy") or [""])[-1].lower().split(",")[-1].strip()
    return last in ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin")


on_pages("owasp", "framing", "fail", framing)
on_pages("owasp", "csp", "fail", lambda r: r.has(CSP))
with_header("owasp", "csp-scripts", "fail", CSP,
            lambda r: bool(r.directive(CSP, "default-src") + r.directive(CSP, "script-src")))
with_header("owasp", "csp-base", "warn", CSP, lambda r: r.directive(CSP, "base-uri") != [])
with_header("owasp", "csp-form", "warn", CSP, lambda r: r.directive(CSP, "form-action") != [])


def csp_text(r):
    return " ".join(r.all(CSP)).lower()


with_header("owasp", "csp-inline", "warn", CSP, lambda r: "'unsafe-inline'" not in csp_text(r)
            or "'nonce-" in csp_text(r) or "'strict-dynamic'" in csp_text(r))
with_header("owasp", "csp-eval", "warn", CSP, lambda r: "'unsafe-eval'" not in csp_text(r))
on_pages("owasp", "referrer", "fail", referrer)
on_pages("owasp", "coop", "warn", lambda r: r.says("Cross-Origin-Opener-Policy", "same-origin"))
on_pages("owasp", "coep", "warn", lambda r: r.says("Cross-Origin-Embedder-Policy", "require-corp", "credentialless"))
should("owasp", "corp")(lambda r: r.get("Cross-Origin-Resource-Policy").lower() in ("same-origin", "same-site")
                        if 200 <= r.status < 300 else None)
on_pages("owasp", "permissions", "warn", lambda r: r.has("Permissions-Policy"))
on_pages("owasp", "cross-domain", "warn", lambda r: r.get("X-Permitted-Cross-Domain-Policies").lower() == "none")
on_pages("owasp", "dns-prefetch", "warn", lambda r: r.get("X-DNS-Prefetch-Control").lower() == "off")


@should("owasp", "no-store")
def _(r):
    if r.has("Set-Cookie") and r.get("Content-Type").lower().startswith("text/html"):
        return r.says(CC, "no-store")
    return None


on_pages("owasp", "charset", "warn", lambda r: bool(r.directive("Content-Type", "charset")))


@rule("owasp", "cors")
def _(r):
    if r.get("Access-Control-Allow-Credentials").lower() != "true":
        return None
    return r.get("Access-Control-Allow-Origin").lower() not in ("*", "null")


should("owasp", "xss-filter")(lambda r: not r.has("X-XSS-Protection") or r.says("X-XSS-Protection", "0"))
none_of("owasp", "hpkp", "Public-Key-Pins", "Public-Key-Pins-Report-Only")
none_of("owasp", "expect-ct", "Expect-CT")
none_of("owasp", "feature-policy", "Feature-Policy")
none_of("owasp", "csp-old", "X-Content-Security-Policy", "X-WebKit-CSP")
none_of("owasp", "pragma", "Pragma")

# hsts


def at_hop(n, scheme, function):
    def judge(r):
        hop = r.hop(n)
        return function(hop) if hop and hop.scheme == scheme else None
    return judge


rule("hsts", "redirect")(lambda r: to_https(r) if r.scheme == "http" else None)
rule("hsts", "redirect-first")(at_hop(1, "http", lambda h: h.get("Location").lower().startswith("https://")))
rule("hsts", "http")(lambda r: not r.has(STS) if r.scheme == "http" else None)
rule("hsts", "http-first")(at_hop(1, "http", lambda h: not h.has(STS)))
rule("hsts", "downgrade")(lambda r: r.scheme == "https"
                          if any(h.scheme == "https" for h in r.chain[:2][:len(r.chain) - 1]) else None)
rule("hsts", "redirect-hsts")(at_hop(1, "https", lambda h: sts_age(h) > 0))
rule("hsts", "second-hsts")(at_hop(2, "https", lambda h: sts_age(h) > 0))
rule("hsts", "present")(lambda r: r.has(STS) if r.scheme == "https" else None)
rule("hsts", "once")(lambda r: len(r.all(STS)) < 2 if r.scheme == "https" else None)
rule("hsts", "verify")(lambda r: r.verify == "ok" if r.scheme == "https" else None)
with_header("hsts", "max-age", "fail", STS, lambda r: sts_age(r) > 0)
with_header("hsts", "semicolons", "fail", STS, lambda r: "," not in "".join(r.all(STS)))


def preload(r):
    return r.directive(STS, "preload") != []


rule("hsts", "preload-age")(lambda r: sts_age(r) >= YEAR if preload(r) else None)
rule("hsts", "preload-subdomains")(lambda r: r.directive(STS, "includesubdomains") != [] if preload(r) else None)
should("hsts", "long")(lambda r: sts_age(r) >= YEAR if sts_age(r) > 0 else None)
should("hsts", "subdomains")(lambda r: r.directive(STS, "includesubdomains") != [] if sts_age(r) > 0 else None)
should("hsts", "preload")(lambda r: preload(r) if sts_age(r) > 0 else None)
should("hsts", "odd")(lambda r: min(r.seconds(STS, "max-age")) <= 3660 * 86400 if sts_age(r) > 0 else None)

# cookies


def cookie_rule(name, level, function):
    """Of a head with Set-Cookie, all cookies are to be so."""
    rule("cookies", name, level)(
        lambda r: all(function(n.lower(), a) for n, a in r.cookies()) if r.has("Set-Cookie") else None)


def named(name, *starts):
    return any(name.startswith(start) for start in starts)


rule("cookies", "secure")(lambda r: all("secure" in a for _, a in r.cookies())
                          if r.scheme == "https" and r.has("Set-Cookie") else None)
rule("cookies", "secure-http")(lambda r: not any("secure" in a for _, a in r.cookies())
                               if r.scheme == "http" and r.has("Set-Cookie") else None)
should("cookies", "plain-http")(lambda r: r.scheme == "https" or not r.has("Set-Cookie"))
cookie_rule("session-httponly", "fail", lambda n, a: "httponly" in a or not ("sess" in n or n.endswith("sid")))
cookie_rule("httponly", "warn", lambda n, a: "httponly" in a)
cookie_rule("session-lasts", "warn", lambda n, a: "sess" not in n or not ("max-age" in a or "expires" in a))
cookie_rule("samesite", "warn", lambda n, a: "samesite" in a)


def values(r, attribute):
    return [a[attribute].lower() for _, a in r.cookies() if attribute in a]


rule("cookies", "samesite-value")(lambda r: set(values(r, "samesite")) <= {"strict", "lax", "none"}
                                  if values(r, "samesite") else None)
rule("cookies", "samesite-none")(lambda r: all("secure" in a for _, a in r.cookies()
                                               if a.get("samesite", "").lower() == "none")
                                 if "none" in values(r, "samesite") else None)
rule("cookies", "partitioned")(lambda r: all("secure" in a for _, a in r.cookies() if "partitioned" in a)
                               if values(r, "partitioned") else None)


def prefix_rule(name, starts, function):
    def judge(r):
        those = [(n.lower(), a) for n, a in r.cookies() if named(n.lower(), *starts)]
        return all(function(n, a) for n, a in those) if those else None
    rule("cookies", name)(judge)


prefix_rule("host-prefix", ["__host-"], lambda n, a: "secure" in a and a.get("path") == "/" and "domain" not in a)
prefix_rule("secure-prefix", ["__secure-"], lambda n, a: "secure" in a)
prefix_rule("http-prefix", ["__http-", "__host-http-"],
            lambda n, a: "httponly" in a and ("secure" in a or n.startswith("__host-")))
rule("cookies", "prefix-http")(lambda r: not any(named(n.lower(), "__host-", "__secure-", "__http-")
                                                 for n, _ in r.cookies())
                               if r.scheme == "http" and r.has("Set-Cookie") else None)
cookie_rule("domain", "warn", lambda n, a: "domain" not in a)
should("cookies", "lifetime")(lambda r: all(int(v) <= 400 * 86400 for v in values(r, "max-age"))
                              if values(r, "max-age") else None)
with_header("cookies", "many", "warn", "Set-Cookie", lambda r: len(r.all("Set-Cookie")) <= 50)
with_header("cookies", "taken", "fail", "Set-Cookie", lambda r: len(list(r.cookies())) == len(r.all("Set-Cookie")))
none_of("cookies", "set-cookie2", "Set-Cookie2")

# leak

PRIVATE = re.compile(r"(?<![\d.])(10\.\d+|192\.168|172\.(1[6-9]|2[0-9]|3[01]))\.\d+\.\d+")


def public(r, *names):
    """None of these headers has a private address; None if there is none of them."""
    found = [value for name in names for value in r.all(name)]
    return not any(PRIVATE.search(value) for value in found) if found else None


def versions(text):
    """Words behind "/" or "(" that are a number, whatever follows its first dot."""
    return [w for w in re.findall(r"[/(]([^\s()/]+)", text) if re.fullmatch(r"v?\d+", w.split(".")[0].lower())]


SYSTEMS = "debian ubuntu centos redhat red\u00a0hat rocky alma fedora suse amazon unix win freebsd".split(" ")
with_header("leak", "server", "fail", "Server", lambda r: not any(versions(v) for v in r.all("Server")))
with_header("leak", "server-system", "warn", "Server", lambda r: not any(
    "(" + system.replace("\u00a0", " ") in v.lower() for v in r.all("Server") for system in SYSTEMS))
with_header("leak", "via", "fail", "Via", lambda r: not any(
    re.search(r"/v?\d", comment) for v in r.all("Via") for comment in re.findall(r"\(([^)]*)", v)))
with_header("leak", "powered-by", "fail", "X-Powered-By",
            lambda r: not re.search(r"\d", "".join(r.all("X-Powered-By"))))
none_of("leak", "powered", "X-Powered-By", "Powered-By", "X-Server-Powered-By", "X-CF-Powered-By")
none_of("leak", "hosting", "X-Powered-By-Plesk", "X-Turbo-Charged-By", "X-Powered-CMS")
none_of("leak", "aspnet", "X-AspNet-Version", "X-AspNetMvc-Version", level="fail")


@rule("leak", "generator")
def _(r):
    made = r.all("X-Generator") + r.all("X-Generated-By")
    return not re.search(r"\d", "".join(made)) if made else None


none_of("leak", "cms", "X-Generator", "X-Generated-By", "X-CMS", "X-Framework", "Product", "X-Content-Encoded-By")
none_of("leak", "version", "X-Php-Version", "X-Umbraco-Version", "X-Joomla-Version", "X-OWA-Version",
        "X-Cocoon-Version", "X-Jitsi-Release", level="fail")
none_of("leak", "product", "Liferay-Portal", "OracleCommerceCloud-Version", "X-Woodpecker-Version", "X-Gitlab-Meta")


@rule("leak", "private-location")
def _(r):
    if not r.has("Location"):
        return None
    host = re.match(r"\w+://([^/:]*)", r.get("Location"))
    return not (host and PRIVATE.match(host[1])) or bool(PRIVATE.match(r.address))


rule("leak", "private-via")(lambda r: public(r, "Via"))
rule("leak", "private-csp")(lambda r: public(r, CSP))
rule("leak", "private-backend")(lambda r: public(r, "X-Backend", "X-Backend-Server"))
rule("leak", "private-server")(lambda r: public(r, "X-Server", "X-Upstream"))
rule("leak", "private-client")(lambda r: public(r, "X-Forwarded-For", "X-Real-IP"))
rule("leak", "private-envoy")(lambda r: public(r, "X-Envoy-Original-Dst-Host"))
with_header("leak", "bigip", "fail", "Set-Cookie",
            lambda r: not any(n.startswith("BIGipServer") for n, _ in r.cookies()))
none_of("leak", "debug", "X-Debug-Token", "X-Debug-Token-Link", "X-ChromeLogger-Data", "X-ChromePhp-Data",
        "X-SourceFiles", "X-Debug", level="fail")
none_of("leak", "source-map", "SourceMap", "X-SourceMap")
none_of("leak", "backend", "X-Backend", "X-Backend-Server", "X-Backside-Transport", "X-Server", "X-Upstream",
        "Pega-Host", "Host-Header")
none_of("leak", "exchange", "X-BEServer", "X-FEServer", "X-CalculatedBETarget", "X-DiagInfo")
none_of("leak", "varnish", "X-Varnish-Backend", "X-Varnish-Server")
none_of("leak", "envoy", "X-Envoy-Upstream-Service-Time", "X-Envoy-Attempt-Count", "X-Envoy-External-Address",
        "X-Envoy-Internal", "X-Envoy-Original-Dst-Host")
none_of("leak", "kong", "X-Kong-Request-Id", "X-Kong-Proxy-Latency", "X-Kong-Upstream-Latency",
        "X-Kong-Response-Latency", "X-Kong-Upstream-Status", "X-Tyk-Trace-Id")
none_of("leak", "kubernetes", "X-Kubernetes-PF-FlowSchema-UID", "X-Kubernetes-PF-PriorityLevel-UID",
        "K-Proxy-Request")
none_of("leak", "tracing", "X-B3-TraceId", "X-B3-SpanId", "X-B3-ParentSpanId", "X-B3-Sampled", "X-Datadog-Trace-Id",
        "X-Datadog-Parent-Id")
none_of("leak", "dynatrace", "X-OneAgent-JS-Injection", "X-ruxit-JS-Agent", "X-dtAgentId", "X-dtHealthCheck",
        "X-dtInjectedServlet")
none_of("leak", "runtime", "X-Runtime", "X-Request-Time")
none_of("leak", "litespeed", "X-LiteSpeed-Cache", "X-LiteSpeed-Tag", "X-LiteSpeed-Purge", "X-LiteSpeed-Vary",
        "X-LiteSpeed-Cache-Control")
none_of("leak", "pagespeed", "X-Mod-Pagespeed", "X-Page-Speed")
none_of("leak", "nextjs", "X-Nextjs-Cache", "X-Nextjs-Page", "X-Nextjs-Matched-Path", "X-Nextjs-Redirect")
none_of("leak", "wordpress", "X-Pingback", "X-Redirect-By")
none_of("leak", "java", "X-Atmosphere-tracking-id", "X-Atmosphere-first-request", "X-Atmosphere-error",
        "X-Old-Content-Length")


@should("leak", "etag-inode")
def _(r):
    if not r.has("ETag"):
        return None
    parts = r.get("ETag").removeprefix("W/").strip('"').lower().split("-")
    return not (len(parts) == 3 and all(part and set(part) <= set("0123456789abcdef") for part in parts))


# cache


def age_limit(r, name="max-age"):
    return max(r.seconds(CC, name), default=None)


def lives(r, name="max-age"):
    return (age_limit(r, name) or 0) > 0


def ages(r):
    return [float(v) for v in r.all("Age") if re.fullmatch(r"-?\d+", v)]


def old(r, limit=0):
    return any(age > limit for age in ages(r))


@rule("cache", "no-store")
def _(r):
    if not r.says(CC, "no-store"):
        return None
    return not (lives(r) or lives(r, "s-maxage") or r.says(CC, "public", "immutable"))


rule("cache", "private")(lambda r: not (r.says(CC, "public") or lives(r, "s-maxage"))
                         if r.says(CC, "private") else None)


def whole(values):
    return any(value and set(value) <= set("0123456789") for value in values) if values else None


rule("cache", "max-age")(lambda r: whole(r.directive(CC, "max-age")))
rule("cache", "s-maxage")(lambda r: whole(r.directive(CC, "s-maxage")))
rule("cache", "revalidate")(lambda r: not (lives(r, "stale-while-revalidate") or lives(r, "stale-if-error"))
                            if r.says(CC, "must-revalidate") else None)
rule("cache", "immutable")(lambda r: lives(r) if r.says(CC, "immutable") else None)
with_header("cache", "pre-check", "warn", CC, lambda r: not r.says(CC, "pre-check", "post-check"))
should("cache", "explicit")(lambda r: r.has(CC, "Expires")
                            if r.status in (200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501) else None)
should("cache", "validator")(lambda r: r.has("ETag", "Last-Modified")
                             if r.status == 200 and not r.says(CC, "no-store") else None)
with_header("cache", "expires-date", "warn", "Expires", lambda r: bool(r.ages("Expires")) or r.get("Expires") == "0")


@rule("cache", "expires-past")
def _(r):
    if not r.ages("Expires") or (age_limit(r) or 0) <= 60:
        return None
    return r.ages("Expires")[0] < 0


@rule("cache", "expires-future")
def _(r):
    if not r.ages("Expires") or not (r.says(CC, "no-store", "no-cache") or age_limit(r) == 0):
        return None
    return r.ages("Expires")[0] > -60


with_header("cache", "pragma", "fail", "Pragma", lambda r: r.has(CC, "Expires"))
none_of("cache", "pragma-old", "Pragma")
none_of("cache", "warning", "Warning")
rule("cache", "vary")(lambda r: not r.says("Vary", "*")
                      if lives(r) or lives(r, "s-maxage") or r.says(CC, "public") else None)
should("cache", "vary-many")(lambda r: not r.says("Vary", "user-agent", "cookie") if lives(r) else None)


def varies(r, name):
    return r.says("Vary", name, "*") or r.says(CC, "no-store")


with_header("cache", "vary-encoding", "warn", "Content-Encoding", lambda r: varies(r, "accept-encoding"))
should("cache", "vary-origin")(lambda r: varies(r, "origin")
                               if r.get("Access-Control-Allow-Origin") not in ("", "*") else None)
with_header("cache", "cookie-shared", "fail", "Set-Cookie",
            lambda r: not (r.says(CC, "public") or lives(r, "s-maxage")))
with_header("cache", "cookie-fresh", "warn", "Set-Cookie",
            lambda r: not lives(r) or r.says(CC, "private", "no-store", "no-cache"))
with_header("cache", "age", "fail", "Age", lambda r: len(r.all("Age")) == 1 and whole(r.all("Age")))
should("cache", "stored")(lambda r: not old(r) if r.says(CC, "no-store", "private") else None)


def stale_rule(name, limit):
    def judge(r):
        if r.directive(CC, "s-maxage") or r.directive(CC, "stale-while-revalidate"):
            return None
        return not old(r, limit) if any(s <= limit for s in r.seconds(CC, "max-age")) else None
    should("cache", name)(judge)


stale_rule("stale-minute", 60)
stale_rule("stale-hour", 3600)
stale_rule("stale-day", 86400)
stale_rule("stale-month", 30 * 86400)
should("cache", "date")(lambda r: len(r.all("Date")) == 1 if 200 <= r.status < 500 else None)


@rule("cache", "clock")
def _(r):
    if not r.has("Date") or old(r):
        return None
    return any(age >= -60 for age in r.ages("Date")) and any(age <= 300 for age in r.ages("Date"))


with_header("cache", "last-modified", "fail", "Last-Modified",
            lambda r: any(age > -60 for age in r.ages("Last-Modified")))
with_header("cache", "etag", "fail", "ETag", lambda r: re.fullmatch(r'(W/)?"[^"]*"', r.get("ETag")) is not None)


# --- what is asked for ---


def expected(heads, preset):
    results = {}
    for head in heads:
        for name, (level, function) in RULES[preset].items():
            held = function(head)
            results[head.name, name] = "skip" if held is None else "pass" if held else level
    return results


def found(path):
    results = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            one = json.loads(line)
            for check in one["checks"]:
                key = one["target"], check["id"]
                if key in results:
                    sys.exit(f"{key}: twice")
                results[key] = check["result"]
    return results


def compare(heads, preset, path):
    here, there = expected(heads, preset), found(path)
    problems = [f"{preset}: {target}: {name}: {there.get((target, name))}, not {here.get((target, name))}"
                for target, name in sorted({*here, *there}) if here.get((target, name)) != there.get((target, name))]
    for name, (level, _) in RULES[preset].items():
        outcomes = {here[head.name, name] for head in heads}
        problems += [f"{preset}: no head has {outcome} of {name}"
                     for outcome in ("pass", level) if outcome not in outcomes]
    if problems:
        sys.exit("\n".join(problems))


def main():
    heads = read(sys.argv[2])
    if sys.argv[1] == "records":
        for n, head in enumerate(heads, 1):
            print(json.dumps(record(n, head)))
    else:
        compare(heads, sys.argv[3], sys.argv[4])


main()
