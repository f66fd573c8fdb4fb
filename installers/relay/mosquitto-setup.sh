#!/bin/sh
# Makes the broker's accounts: an administrator and the relay, with passwords that nobody chose. Once, as
# root, where Mosquitto and its clients are installed:
#
#   mosquitto-setup.sh [STATE [PASSWORDS]]
#
# STATE, Mosquitto's folder (/var/lib/mosquitto), gets dynamic-security.json. PASSWORDS, a folder (the one
# you are in), gets broker-password, the relay's, and broker-admin-password, which only a person needs.
# No password is ever on a command line. What exists is never written over.
set -eu
umask 077

state=${1:-/var/lib/mosquitto}
passwords=${2:-.}
relay=${RELAY_USER:-relay}
plugin=${PLUGIN:-$(find /usr/lib -name mosquitto_dynamic_security.so 2>/dev/null | head -n 1)}

die() { echo "mosquitto-setup.sh: $1" >&2; exit 1; }

for program in mosquitto mosquitto_ctrl mosquitto_rr; do
    command -v "$program" >/dev/null || PATH=$PATH:/usr/sbin command -v "$program" >/dev/null ||
        die "$program is not installed (apt install mosquitto mosquitto-clients)"
done
PATH=$PATH:/usr/sbin
[ -n "$plugin" ] || die "Mosquitto has no dynamic security plugin here; name it: PLUGIN=/..."
[ -d "$state" ] || die "$state is no folder"
case $relay in *[!A-Za-z0-9_-]* | '') die "RELAY_USER: letters, digits, - and _ only" ;; esac
for file in "$state/dynamic-security.json" "$passwords/broker-password" "$passwords/broker-admin-password"; do
    [ ! -e "$file" ] || die "$file is there already"
done

secret() { head -c 48 /dev/urandom | base64 | tr -d '+/=\n'; }
first=$(secret) admin=$(secret) ours=$(secret)

work=$(mktemp -d)
broker=
clean() {
    [ -z "$broker" ] || kill "$broker" 2>/dev/null || true
    rm -rf "$work"
}
trap clean EXIT
trap 'exit 1' HUP INT TERM

# The first password is on a command line for a moment; it is worth nothing a second later.
mosquitto_ctrl dynsec init "$work/accounts.json" admin "$first" >/dev/null
cat >"$work/broker.conf" <<END
listener 0 $work/socket
allow_anonymous false
plugin $plugin
plugin_opt_config_file $work/accounts.json
END
if [ "$(id -u)" = 0 ]; then
    chown -R mosquitto "$work"
fi
mosquitto -c "$work/broker.conf" >"$work/log" 2>&1 &
broker=$!
tries=0
until [ -S "$work/socket" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 100 ] || die "Mosquitto does not start: $(tail -n 1 "$work/log")"
    sleep 0.1
done

# Logins lie in files, not on command lines: login USER PASSWORD
login() {
    mkdir -p "$work/$1"
    printf '%s\n' "--unix $work/socket" "-V mqttv5" "-u $1" "-P $2" >"$work/$1/mosquitto_pub"
    cp "$work/$1/mosquitto_pub" "$work/$1/mosquitto_rr"
}
# shellcheck disable=SC2016
control='$CONTROL/dynamic-security'
login admin "$first"
XDG_CONFIG_HOME=$work/admin mosquitto_pub -q 1 -t "$control/v1" -s <<END || die "Mosquitto does not let us in"
{"commands": [
  {"command": "setDefaultACLAccess", "acls": [
    {"acltype": "publishClientSend", "allow": false},
    {"acltype": "publishClientReceive", "allow": false},
    {"acltype": "subscribe", "allow": false},
    {"acltype": "unsubscribe", "allow": true}]},
  {"command": "createRole", "rolename": "desk-phone-relay", "acls": [
    {"acltype": "publishClientSend", "topic": "desk-phone/v1/#", "allow": true},
    {"acltype": "publishClientSend", "topic": "$control/#", "allow": true},
    {"acltype": "publishClientReceive", "topic": "$control/#", "allow": true},
    {"acltype": "subscribePattern", "topic": "$control/#", "allow": true}]},
  {"command": "createClient", "username": "$relay", "password": "$ours",
    "roles": [{"rolename": "desk-phone-relay"}]}
]}
END
# By the relay: whoever is changed is thrown out before the answer. The administrator looks after accounts
# and hears no notices.
login "$relay" "$ours"
XDG_CONFIG_HOME=$work/$relay mosquitto_pub -q 1 -t "$control/v1" -s <<END || die "Mosquitto does not let the relay in"
{"commands": [
  {"command": "removeRoleACL", "rolename": "admin", "acltype": "publishClientReceive", "topic": "#"},
  {"command": "removeRoleACL", "rolename": "admin", "acltype": "subscribePattern", "topic": "#"},
  {"command": "setClientPassword", "username": "admin", "password": "$admin"}
]}
END

# Whether both are let in, and may ask.
login admin "$admin"
for user in admin "$relay"; do
    answer=$(
        XDG_CONFIG_HOME=$work/$user mosquitto_rr -q 1 -W 10 -t "$control/v1" -e "$control/v1/response" \
            -m '{"commands": [{"command": "getRole", "rolename": "desk-phone-relay"}]}'
    ) || die "Mosquitto does not answer $user: $(tail -n 1 "$work/log")"
    case $answer in
    *'"error"'* | '') die "Mosquitto refuses $user: $answer" ;;
    esac
done
kill "$broker"
wait "$broker" || true
broker=

printf '%s\n' "$ours" >"$passwords/broker-password"
printf '%s\n' "$admin" >"$passwords/broker-admin-password"
cp "$work/accounts.json" "$state/dynamic-security.json"
if [ "$(id -u)" = 0 ]; then
    chown mosquitto "$state/dynamic-security.json"
fi
echo "made $state/dynamic-security.json with the accounts admin and $relay;"
echo "their passwords are in $passwords/broker-admin-password and $passwords/broker-password"
