"""What awget is doing while something fails. To add one is to add a row: SCENARIOS is all that others read.

A scenario:
    name, args   {HTTP}, {HTTPS}, {DNS} are address:port of the server, {P} and {PS} the ports alone, {CA} its file, {PROXY}
                 that of a proxy for CONNECT and SOCKS 5, {dir} the folder of this run, {run} another text for each run
    targets      how many there are: each has one outcome; with `each`, so many records each
    reads        how what is printed is read: text, json, csv, raw, or none
    out          the file of {dir} that results go to; else standard output
    stdin        its bytes, which come over a pipe
    files        {name: text} that are in {dir} before
    whole        {file of {dir}: a word in it that is there if it is whole}, with all targets, if the status is not 3 or 4
    stride       only each so manieth place of an allocation is tried
"""

CSV = "n,target,status,error_kind,error"


def scenario(name, args, targets, reads="text", **more):
    row = dict(name=name, args=args.split(), targets=targets, reads=reads, out=None, stdin=None, files={}, whole={}, each=1,
               stride=1)
    assert not set(more) - set(row)
    row.update(more)
    return row


RECORD = (
    '{{"schema":1,"n":%d,"target":"{HTTP}/%d","tag":null,"url":"http://{HTTP}/%d","address":"127.0.0.1","port":{P},'
    '"http_version":"1.1","status":200,"reason":"OK","headers":[{{"name":"Server","value":"awserve"}}],"hops":[],'
    '"tls":null,"proxy":null,"attempts":1,"timing":{{"dns":null,"connect":0.001,"tls":null,"first_byte":0.002,'
    '"total":0.002}},"time":"2026-01-01T00:00:00.000Z","checks":[],"error":null}}\n'
)
RECORDS = "".join(RECORD % (n, n, n) for n in (1, 2, 3))
LIST = "".join("{HTTP}/%d\n" % n for n in range(1, 6))

SCENARIOS = [
    scenario("address", "{HTTP}/a {HTTP}/status/404 127.0.0.1:1", 3),
    scenario("name", "-q --dns-servers {DNS} a.test:{P} nxdomain.test:{P} localhost:{P}/b", 3, "quiet"),
    scenario("json", "--json --dns-servers {DNS} -4 a.test:{P} {HTTP}/b cname-2.test:{P}/c", 3, "json"),
    scenario("csv", "--format csv --fields " + CSV + " {HTTP}/a {HTTP}/close {HTTP}/b", 3, "csv"),
    scenario("raw", "--format raw {HTTP}/a", 1, "raw"),
    scenario("template", "-w %{n},%{target},%{status},%{error_kind},%{error}\\n {HTTP}/a {HTTP}/close", 2, "csv"),
    scenario("file", "--json -o {dir}/out -i {dir}/list", 5, "json", out="out", files={"list": LIST}),
    scenario("resume", "--resume {dir}/out -i {dir}/list", 5, "json", out="out",
             files={"list": LIST, "out": RECORDS[: -len(RECORD % (3, 3, 3))] + '{{"schema":1,"n":3,"tar'}),
    scenario("replay", "--replay {dir}/old --format csv --fields " + CSV + " -e h[Server]~/serve$/", 3, "csv",
             files={"old": RECORDS}),
    scenario("baseline", "--json --baseline {dir}/old {HTTP}/1 {HTTP}/2 {HTTP}/3", 3, "json", files={"old": RECORDS}),
    scenario("https", "--json --cacert {CA} https://{HTTPS}/a https://{HTTPS}/b", 2, "json", stride=16),
    scenario("system-ca", "--json -k https://{HTTPS}/a", 1, "json", stride=16),
    scenario("redirects", "--json -L {HTTP}/redirects/2 {HTTP}/loop", 2, "json"),
    scenario("reports", "-s -f --report html={dir}/a.html --report junit={dir}/a.xml --report prom={dir}/a.prom "
             "--report tap=- {HTTP}/a {HTTP}/status/404", 2, "none",
             whole={"a.html": "</html>", "a.xml": "</testsuites>", "a.prom": "unanswered"}),
    scenario("nagios", "--report nagios=- {HTTP}/a", 1, "none"),
    scenario("top", "-s --top status,h[Server] --stats {HTTP}/a {HTTP}/b 127.0.0.1:1", 3, "none"),
    scenario("checks", "--json --checks {dir}/rules --preset hsts {HTTP}/a", 1, "json",
             files={"rules": "status == 200\nh[Server] ~ /aw(ser)+ve/\nwarn: x: h[X] present\n"}),
    scenario("retry", "--json --retry 2 --retry-delay 1ms {HTTP}/retry/1?{run} {HTTP}/close", 2, "json"),
    scenario("pipe", "--json -i -", 5, "json", stdin=LIST),
    scenario("hostile", "--json --max-header-size 1k {HTTP}/close {HTTP}/reset/30 {HTTP}/cut/20 {HTTP}/garbage/binary "
             "{HTTP}/endless/lines {HTTP}/fold", 6, "json"),
    scenario("all-addresses", "--json --dns-servers {DNS} -4 --all-addresses backends-3.test:{P}", 1, "json", each=3),
    scenario("socks", "--json -x socks5h://{PROXY} a.test:{P}", 1, "json"),
    scenario("tunnel", "--json -x http://{PROXY} --cacert {CA} https://{HTTPS}/a", 1, "json", stride=40),
    scenario("processes", "--json -P 2 --per-address 2 {HTTP}/a {HTTP}/b 127.0.0.1:1", 3, "json", stride=4),
    scenario("idn", "--json --dns-servers {DNS} -4 b\u00fccher.test:{P}", 1, "json"),
]
