"""The files an invented container begins with."""

from datetime import UTC, datetime

from lxdtui.demo.filesystem import FileSystem

_OS_RELEASE = {
    "Alpine": (
        'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.20.3\nPRETTY_NAME="Alpine Linux v3.20"\n'
        'HOME_URL="https://alpinelinux.org/"\n'
    ),
    "Ubuntu": (
        'PRETTY_NAME="Ubuntu 24.04.1 LTS"\nNAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\n'
        'ID_LIKE=debian\nVERSION_CODENAME=noble\nHOME_URL="https://www.ubuntu.com/"\n'
    ),
    "Debian": (
        'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\n'
        'ID=debian\nVERSION_CODENAME=bookworm\nHOME_URL="https://www.debian.org/"\n'
    ),
}

_PASSWD = (
    "root:x:0:0:root:/root:/bin/bash\n"
    "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
    "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n"
    "mara:x:1000:1000:Mara,,,:/home/mara:/bin/bash\n"
    "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
)
_GROUP = "root:x:0:\ndaemon:x:1:\nadm:x:4:mara\nwww-data:x:33:\nmara:x:1000:\nnogroup:x:65534:\n"
_BASHRC = "# ~/.bashrc\nalias ll='ls -l'\nexport EDITOR=vi\n"
_NGINX = (
    "user www-data;\nworker_processes auto;\npid /run/nginx.pid;\n\n"
    "events {\n    worker_connections 768;\n}\n\n"
    "http {\n    sendfile on;\n    types_hash_max_size 2048;\n"
    "    include /etc/nginx/mime.types;\n    include /etc/nginx/conf.d/*.conf;\n}\n"
)
_NOTES = "Things to remember\n- renew the certificate\n- ask Mara about żółw.conf\n"
_INDEX = "<!doctype html>\n<title>It works</title>\n<h1>It works</h1>\n"
_LOG_LINES = (
    "systemd[1]: Started Daily apt download activities.",
    "systemd[1]: Starting Cleanup of Temporary Directories...",
    "systemd[1]: Finished Cleanup of Temporary Directories.",
    "cron[212]: (root) CMD (cd / && run-parts --report /etc/cron.hourly)",
    "systemd-networkd[88]: eth0: DHCPv4 address renewed",
    "sshd[301]: Server listening on 0.0.0.0 port 22.",
    "app[415]: health check ok in 12 ms",
    "app[415]: größte Antwort 48 KiB, Ø 11 KiB",
)
_LOG_COUNT = 240
_LOG_STEP = 97.0

_DIRECTORIES = (
    "/bin",
    "/boot",
    "/dev",
    "/etc",
    "/etc/apt",
    "/etc/apt/sources.list.d",
    "/etc/cron.daily",
    "/etc/nginx",
    "/etc/nginx/conf.d",
    "/etc/nginx/sites-available",
    "/etc/nginx/sites-enabled",
    "/etc/ssh",
    "/home",
    "/lib",
    "/mnt",
    "/opt",
    "/proc",
    "/root",
    "/run",
    "/sbin",
    "/srv",
    "/sys",
    "/tmp",
    "/usr",
    "/usr/bin",
    "/usr/lib",
    "/usr/share",
    "/usr/share/doc",
    "/var",
    "/var/backups",
    "/var/cache",
    "/var/lib",
    "/var/log",
    "/var/log/nginx",
    "/var/tmp",
    "/var/www",
    "/var/www/html",
)


def build_rootfs(name: str, os_name: str, *, created_at: float, now: float) -> FileSystem:
    """Make the root of a container.

    Args:
        name: Host name.
        os_name: ``Debian``, ``Ubuntu`` or ``Alpine``.
        created_at: Age of most files, seconds since the epoch.
        now: Time of the youngest log line.
    """
    files = FileSystem()
    for path in _DIRECTORIES:
        files.make_directory(path, now=created_at, mode=0o700 if path == "/root" else 0o755)
    for path in ("/tmp", "/var/tmp"):
        files.get(path).mode = 0o1777
    files.make_directory("/home/mara", now=created_at, uid=1000, gid=1000)
    texts = {
        "/etc/passwd": _PASSWD,
        "/etc/group": _GROUP,
        "/etc/hostname": f"{name}\n",
        "/etc/hosts": f"127.0.0.1\tlocalhost\n127.0.1.1\t{name}\n::1\tlocalhost ip6-localhost\n",
        "/etc/os-release": _OS_RELEASE.get(os_name, _OS_RELEASE["Debian"]),
        "/etc/resolv.conf": "nameserver 10.20.4.1\nsearch lxd\n",
        "/etc/fstab": "# the root comes from outside\n",
        "/etc/motd": f"Welcome to {name}.\n",
        "/etc/nginx/nginx.conf": _NGINX,
        "/etc/nginx/mime.types": "types {\n    text/html html htm;\n    text/css css;\n}\n",
        "/etc/ssh/sshd_config": "PermitRootLogin prohibit-password\nX11Forwarding no\n",
        "/root/.bashrc": _BASHRC,
        "/root/.profile": "[ -f ~/.bashrc ] && . ~/.bashrc\n",
        "/root/notes.txt": _NOTES,
        "/home/mara/.bashrc": _BASHRC,
        "/home/mara/README.md": "# Work in progress\n\nNothing to see yet.\n",
        "/var/www/html/index.html": _INDEX,
        "/var/log/syslog": _log_text(name, now),
        "/var/log/nginx/access.log": _access_log(now),
    }
    for path, text in texts.items():
        files.write(path, text.encode(), now=created_at)
    files.write("/etc/shadow", b"root:*:19800:0:99999:7:::\n", now=created_at, mode=0o640)
    files.write(
        "/usr/bin/backup", b"#!/bin/sh\ntar -C / -cf /var/backups/etc.tar etc\n", now=created_at
    ).mode = 0o755
    files.make_link("/etc/nginx/modules", "/usr/lib", now=created_at)
    files.make_link("/etc/localtime", "../usr/share/doc", now=created_at)
    for path in ("/var/log/syslog", "/var/log/nginx/access.log", "/var/log"):
        files.get(path).modified = now
    for path in ("/home/mara/.bashrc", "/home/mara/README.md"):
        node = files.get(path)
        node.uid = node.gid = 1000
    for node in files.root.walk():
        node.modified = node.modified or created_at
    return files


def _log_text(name: str, now: float) -> str:
    lines = []
    for index in range(_LOG_COUNT):
        moment = datetime.fromtimestamp(now - (_LOG_COUNT - index) * _LOG_STEP, UTC)
        text = _LOG_LINES[(index * 7 + index // 5) % len(_LOG_LINES)]
        lines.append(f"{moment:%b %d %H:%M:%S} {name} {text}\n")
    return "".join(lines)


def _access_log(now: float) -> str:
    requests = ("GET /health HTTP/1.1", "GET / HTTP/2.0", "GET /style.css HTTP/2.0")
    lines = []
    for index in range(60):
        moment = datetime.fromtimestamp(now - (60 - index) * 5.0, UTC)
        stamp = f"{moment:%d/%b/%Y:%H:%M:%S} +0000"
        request = requests[index % 3]
        lines.append(f'10.20.4.{2 + index % 7} - - [{stamp}] "{request}" 200 {2 + index * 37}\n')
    return "".join(lines)
