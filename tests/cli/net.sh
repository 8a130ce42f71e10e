# shellcheck shell=bash
# tests/cli/net.sh: a network of the test's own, and servers that others wrote to serve in it. A test that begins with
#
#	. "${0%/*}/net.sh"
#
# instead of lib.sh runs once more, alone with a loopback device of its own: every address of 127.0.0.0/8 and fd00::/64
# and every port is free, names are what the test says, and whatever it starts ends with it.

# Namespaces are for root. The one outside is told apart by its number.
: "${outside_net:=$(readlink /proc/self/ns/net)}"
if [ "$outside_net" = "$(readlink /proc/self/ns/net)" ]; then
	why=$(unshare --net --mount --pid --fork --mount-proc true 2>&1) || {
		echo "${0##*/}: skipped: no namespaces: $why" >&2
		exit 77
	}
	export outside_net
	exec unshare --net --mount --pid --fork --kill-child --mount-proc bash "$0" "$@"
fi

TMPDIR=/tmp # some servers give up root, and still have to come to their files
. "${BASH_SOURCE[0]%/*}/lib.sh"
chmod 711 "$tmp"
unset SSL_CERT_FILE SSL_CERT_DIR SSLKEYLOGFILE CURL_CA_BUNDLE
PATH=$PATH:/usr/sbin:/sbin

# tune NAME VALUE: a setting of the kernel, of this network alone.
tune()
{
	echo "$2" >"/proc/sys/net/$1" || skip "cannot set $1"
}

# system FILE: /etc/FILE is from now on what standard input says.
system()
{
	rm -f "/etc/$1" # it may be a link
	cat >"/etc/$1"
}

need ip
ip link set lo up
ip -6 route add local fd00::/64 dev lo 2>"$tmp/err" || skip "no IPv6: $(cat "$tmp/err")"
tune ipv6/ip_nonlocal_bind 1
tune ipv4/ip_local_port_range '1024 65535'
tune ipv4/tcp_max_syn_backlog 65536
tune core/somaxconn 65535
ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -H -n)"
# /etc whole: a bare system has no hosts file to mount another one on
{ cp -a /etc "$tmp/etc" && mount --bind "$tmp/etc" /etc; } 2>"$tmp/err" || skip "cannot replace /etc: $(cat "$tmp/err")"
system hosts <<<'127.0.0.1 localhost'
system resolv.conf <<<'nameserver 127.0.0.53'

# wait_for COMMAND...: until it succeeds, for half a minute at most.
wait_for()
{
	local until=$((SECONDS + 30))

	until "$@" 2>/dev/null; do
		[ $SECONDS -lt $until ] || fail "waited in vain for $*"
		sleep 0.02
	done
}

# config NAME: standard input is the configuration $place/conf of a server whose files are in $place.
config()
{
	place=$tmp/$1
	mkdir -p "$place"
	cat >"$place/conf"
}

# started COMMAND...: a server that goes to the background by itself once it listens.
started()
{
	"$@" >"$place/said" 2>&1 </dev/null ||
		fail "${place##*/} does not start: $(cat "$place/said" "$place/errors" 2>/dev/null)"
}

# Each of these starts a server. Standard input says what it shall serve, in the server's own language.

# start_nginx: what is in the http block, access_log included.
start_nginx()
{
	config nginx < <(
		cat <<-END
			user root;
			worker_processes 1;
			worker_rlimit_nofile $(ulimit -n);
			pid $tmp/nginx/pid;
			error_log $tmp/nginx/errors;
			events {
				worker_connections 20000;
			}
			http {
				client_body_temp_path $tmp/nginx/body;
				proxy_temp_path $tmp/nginx/proxy;
				fastcgi_temp_path $tmp/nginx/fastcgi;
				uwsgi_temp_path $tmp/nginx/uwsgi;
				scgi_temp_path $tmp/nginx/scgi;
		END
		cat
		echo '}'
	)
	started nginx -p "$place" -c "$place/conf" -e "$place/errors"
}

# start_apache MODULE...: what is beside the settings that each server needs.
start_apache()
{
	local module

	config apache < <(
		for module in mpm_event authz_core "$@"; do
			echo "LoadModule ${module}_module /usr/lib/apache2/modules/mod_$module.so"
		done
		cat <<-END
			ServerRoot $tmp/apache
			ServerName apache.test
			DefaultRuntimeDir $tmp/apache
			Mutex file:$tmp/apache
			PidFile $tmp/apache/pid
			ErrorLog $tmp/apache/errors
			User nobody
			Group nogroup
		END
		cat
	)
	started apache2 -f "$place/conf" -k start
}

start_lighttpd()
{
	config lighttpd < <(
		cat <<-END
			server.document-root = "$tmp"
			server.errorlog = "$tmp/lighttpd/errors"
			server.max-fds = $(ulimit -n)
			server.max-connections = 20000
		END
		cat
	)
	started lighttpd -f "$place/conf"
}

# start_caddy: the sites of a Caddyfile.
start_caddy()
{
	config caddy < <(
		printf '{\n\tadmin off\n\tauto_https off\n}\n'
		cat
	)
	started env HOME="$place" XDG_DATA_HOME="$place" XDG_CONFIG_HOME="$place" \
		caddy start --config "$place/conf" --adapter caddyfile
}

# zone NAME: the records of a zone, to be served by knot and nsd.
zone()
{
	mkdir -p "$tmp/zones"
	{
		printf '$ORIGIN %s.\n$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.53\n' "$1"
		cat
	} >"$tmp/zones/$1"
}

# start_knot ADDRESS@PORT,... ZONE...
start_knot()
{
	local zone listen=$1

	shift
	config knot < <(
		cat <<-END
			server:
			    rundir: $tmp/knot
			    listen: [ ${listen//,/, } ]
			    udp-workers: 1
			    tcp-workers: 1
			    background-workers: 1
			database:
			    storage: $tmp/knot
			log:
			  - target: $tmp/knot/errors
			    any: info
			zone:
		END
		for zone; do
			printf '  - domain: %s\n    file: %s\n' "$zone" "$tmp/zones/$zone"
			printf '    zonefile-sync: -1\n    journal-content: none\n'
		done
	)
	started knotd -c "$place/conf" -d
	wait_for grep -q 'server started' "$place/errors"
}

# start_nsd ADDRESS@PORT,... ZONE...
start_nsd()
{
	local zone listen=$1

	shift
	config nsd < <(
		cat <<-END
			server:
			  username: ""
			  chroot: ""
			  database: ""
			  server-count: 1
			  zonesdir: $tmp/zones
			  zonelistfile: $tmp/nsd/zones
			  xfrdfile: $tmp/nsd/xfrd
			  xfrdir: $tmp/nsd
			  pidfile: $tmp/nsd/pid
			  logfile: $tmp/nsd/errors
			  rrl-ratelimit: 0
		END
		printf '  ip-address: %s\n' ${listen//,/ }
		printf 'remote-control:\n  control-enable: no\n'
		for zone; do
			printf 'zone:\n  name: %s\n  zonefile: %s\n' "$zone" "$zone"
		done
	)
	started nsd -c "$place/conf"
	wait_for grep -q 'nsd started' "$place/errors"
}

start_dnsmasq()
{
	config dnsmasq < <(
		cat <<-END
			bind-interfaces
			no-hosts
			no-resolv
			user=root
			pid-file=$tmp/dnsmasq/pid
			log-facility=$tmp/dnsmasq/errors
		END
		cat
	)
	started dnsmasq -C "$place/conf"
}

# start_haproxy: frontends and backends; a client is waited for half a minute at most.
start_haproxy()
{
	config haproxy < <(
		cat <<-END
			global
			    nbthread 1
			    maxconn 2000
			    ssl-default-bind-options ssl-min-ver TLSv1.2
			defaults
			    mode http
			    timeout connect 10s
			    timeout client 30s
			    timeout server 30s
		END
		cat
	)
	started haproxy -D -f "$place/conf" -p "$place/pid"
}

# start_squid: ports and rules. It keeps nothing, and works for nobody.
start_squid()
{
	config squid < <(
		cat <<-END
			cache_effective_user nobody
			cache_effective_group nogroup
			visible_hostname squid.test
			pid_filename $tmp/squid/pid
			coredump_dir $tmp/squid
			cache_log $tmp/squid/errors
			netdb_filename none
			cache_store_log none
			cache deny all
			pinger_enable off
			max_filedescriptors 4096
		END
		cat
	)
	chown nobody:nogroup "$place"
	started squid -f "$place/conf"
	wait_for grep -q 'Accepting .*HTTP' "$place/errors"
}

start_tinyproxy()
{
	config tinyproxy < <(
		cat <<-END
			User root
			Group root
			LogFile "$tmp/tinyproxy/errors"
			LogLevel Info
			PidFile "$tmp/tinyproxy/pid"
			MaxClients 1000
			Timeout 30
		END
		cat
	)
	started tinyproxy -c "$place/conf"
	wait_for grep -q 'Accepting connections' "$place/errors"
}

# start_dante: where it listens and whom it serves. Users are those of /etc/passwd; see user.
start_dante()
{
	config dante < <(
		cat <<-END
			logoutput: $tmp/dante/errors
			user.privileged: root
			user.unprivileged: nobody
			clientmethod: none
		END
		cat
	)
	started danted -D -f "$place/conf" -p "$place/pid"
}

# user NAME PASSWORD: the system knows one more.
user()
{
	echo "$1:x:4000:4000::/nonexistent:/usr/sbin/nologin" >>/etc/passwd
	echo "$1:$(openssl passwd -6 "$2"):20000:0:99999:7:::" >>/etc/shadow
}

# Certificates, by openssl. NAME is in $tmp/pki: NAME.key, NAME.crt, and NAME.pem, which is NAME.crt and what a server
# sends with it.

# new_key NAME KIND: ecdsa, or rsa[:BITS]. All RSA keys of a size are the same one, because finding them takes long.
new_key()
{
	local shared=$pki/shared-${2#*:}

	case $2 in
	rsa*)
		[ -e "$shared" ] || openssl genrsa -out "$shared" "$(expr "$2" : 'rsa:\(.*\)' \| 2048)"
		cp "$shared" "$pki/$1.key"
		;;
	ecdsa) openssl ecparam -genkey -noout -name prime256v1 -out "$pki/$1.key" ;;
	esac
}

# issue NAME SUBJECT EXTENSIONS FROM TO ISSUER [OPTION]...: ISSUER may be NAME itself. Times are as date takes them.
issue()
{
	local by=(-cert "$pki/$6.crt" -keyfile "$pki/$6.key")

	[ "$6" != "$1" ] || by=(-selfsign -keyfile "$pki/$1.key")
	openssl req -config "$pki/conf" -new -key "$pki/$1.key" -subj "$2" -out "$pki/$1.csr" &&
		openssl ca -config "$pki/conf" -batch -notext -in "$pki/$1.csr" -out "$pki/$1.crt" \
			-extfile <(echo "$3") -startdate "$(date -u -d "$4" +%Y%m%d%H%M%SZ)" \
			-enddate "$(date -u -d "$5" +%Y%m%d%H%M%SZ)" "${by[@]}" "${@:7}"
}

# quietly COMMAND...: openssl says much when all is well.
quietly()
{
	"$@" >"$tmp/openssl" 2>&1 || fail "$*: $(cat "$tmp/openssl")"
}

# make_ca NAME [EXTENSION]...: a root NAME, and NAME-sub, which it has signed; the extensions are the latter's.
make_ca()
{
	local authority=$'keyUsage=keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nbasicConstraints=critical,CA:TRUE'

	pki=$tmp/pki
	mkdir -p "$pki"
	touch "$pki/index"
	cat >"$pki/conf" <<-END
		[ca]
		default_ca = all
		[all]
		database = $pki/index
		unique_subject = no
		new_certs_dir = $pki
		rand_serial = yes
		default_md = sha256
		policy = names
		[names]
		organizationName = optional
		commonName = optional
		[req]
		distinguished_name = none
		[none]
	END
	new_key "$1" ecdsa
	new_key "$1-sub" ecdsa
	quietly issue "$1" "/O=awget/CN=$1" "$authority" '-2 days' '+60 days' "$1"
	quietly issue "$1-sub" "/O=awget/CN=$1-sub" "$authority$(printf '\n%s' "${@:2}")" '-2 days' '+60 days' "$1"
	cp "$pki/$1.crt" "$pki/$1.pem"
	cp "$pki/$1-sub.crt" "$pki/$1-sub.pem"
}

# make_cert NAME [key=KIND] [san=NAMES] [cn=NAME] [from=TIME] [to=TIME] [issuer=NAME] [use=EKU] [md=DIGEST]: of a
# server. Without names it is for NAME; issuer=NAME signs itself.
# shellcheck disable=SC2034 # which of them are given, the caller knows
make_cert()
{
	local key=ecdsa san="DNS:$1" cn=$1 from='-1 day' to='+30 days' issuer=ca-sub use=serverAuth md=sha256 "${@:2}"

	new_key "$1" "$key" 2>"$tmp/openssl"
	quietly issue "$1" "/O=awget/CN=$cn" "basicConstraints=critical,CA:FALSE
extendedKeyUsage=$use${san:+
subjectAltName=$san}" "$from" "$to" "$issuer" -md "$md"
	if [ "$issuer" = "$1" ]; then
		cp "$pki/$1.crt" "$pki/$1.pem"
	else
		cat "$pki/$1.crt" "$pki/$issuer.pem" >"$pki/$1.pem"
	fi
}
