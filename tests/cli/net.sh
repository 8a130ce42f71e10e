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
