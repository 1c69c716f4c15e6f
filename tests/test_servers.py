"""What the site tells servers, understood by real ones: Debian's nginx and Apache."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from serving import headers_for, parsed
from test_build import free_port

pytestmark = pytest.mark.slow

NGINX = """
daemon off; pid {run}/pid; error_log stderr; worker_processes 1; user root;
events {{}}
http {{
  include /etc/nginx/mime.types;
  access_log off;
  client_body_temp_path {run}; proxy_temp_path {run}; fastcgi_temp_path {run}; uwsgi_temp_path {run}; scgi_temp_path {run};
  include {site}/server/nginx-http.conf;
  server {{ listen 127.0.0.1:{port}; root {site}; include {site}/server/nginx-server.conf; }}
}}
"""
MODULES = ("mpm_event", "authz_core", "dir", "mime", "headers")
APACHE = """
ServerRoot {run}
ServerName localhost
PidFile {run}/pid
ErrorLog /dev/stderr
Listen 127.0.0.1:{port}
{modules}
TypesConfig /etc/mime.types
DocumentRoot {site}
DirectoryIndex index.html
<Directory {site}>
  Require all granted
  AllowOverride {override}
</Directory>
{include}
"""
# Of every kind: the start, a page, the search, its data, what is open, the editor, the error page, and nothing at all.
PATHS = (
    "/", "/massnahmen/", "/suche/", "/suche/index.html", "/suche/woerter.json", "/api/v1/measures.json",
    "/api/v1/measures.jsonl", "/api/v1/measures.csv", "/api/v1/measures.parquet",
    "/feeds/massnahmen.xml", "/feeds/kategorien/vernetzung.xml", "/feeds/termine.ics", "/sitemap.xml",
    "/massnahmen/massnahmen.csv", "/assets/og/measure.png", "/assets/site.js", "/redaktion/index.html", "/404.html", "/gibt/es/nicht/",
)  # fmt: skip
TYPES = {"/api/v1/measures.csv": "text/csv", "/api/v1/measures.json": "application/json"}


@contextmanager
def running(command: list[str], port: int) -> Iterator[int]:
    """A server in the foreground, as soon as it answers."""
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        deadline = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        if process.poll() is not None:
            raise AssertionError(process.communicate()[1])
        yield port
    finally:
        process.terminate()
        process.communicate()


@pytest.fixture
def site(real_build: Path, tmp_path: Path) -> Path:
    """The site with the editor beside it, under a name that any server may read."""
    target = tmp_path / "site"
    shutil.copytree(real_build, target, ignore=shutil.ignore_patterns("measures", "partner"))
    (target / "redaktion").mkdir()
    (target / "redaktion/index.html").write_text("<!doctype html>")
    return target


@pytest.fixture(params=["nginx", "apache", "htaccess"])
def port(request: pytest.FixtureRequest, site: Path, tmp_path: Path) -> Iterator[int]:
    program = "nginx" if request.param == "nginx" else "apache2"
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    run = tmp_path / "run"
    run.mkdir()
    port, config = free_port(), tmp_path / "server.conf"
    if request.param == "nginx":
        config.write_text(NGINX.format(run=run, site=site, port=port))
        command = ["nginx", "-e", "stderr", "-c", str(config)]
    else:
        modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in MODULES)
        included = request.param == "apache"
        override, include = ("None", f"Include {site}/server/apache.conf") if included else ("FileInfo", "")
        if not included:
            shutil.copy(site / "server/apache.conf", site / ".htaccess")
        config.write_text(
            APACHE.format(run=run, site=site, port=port, modules=modules, override=override, include=include)
        )
        command = ["apache2", "-DFOREGROUND", "-f", str(config)]
    with running(command, port) as port:
        yield port


def test_servers_send_what_the_site_tells_them(port: int, site: Path) -> None:
    rules = parsed((site / "_headers").read_text())
    names = {name.lower() for _, headers in rules for name, _ in headers} - {"content-type"}
    for path in PATHS:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", path)
        answer = connection.getresponse()
        content = answer.read()
        sent: dict[str, list[str]] = {}
        for name, value in answer.getheaders():
            sent.setdefault(name.lower(), []).append(value)
        connection.close()
        # A server that can decide sends the usual policy with whatever has no rule of its own.
        usual = headers_for(rules, "/404.html")
        wanted = {name.lower(): values for name, values in (usual | headers_for(rules, path)).items()}
        media_type = wanted.pop("content-type", [""])[0]
        if path.startswith("/redaktion/"):
            del wanted["cross-origin-opener-policy"]
        assert {name: values for name, values in sent.items() if name in names} == wanted, path
        assert sent["content-type"][0].startswith(media_type or TYPES.get(path, "")), (path, sent)
        if path == "/gibt/es/nicht/":
            assert answer.status == 404
            assert "Diese Seite gibt es nicht" in content.decode()
        if path.endswith((".json", ".jsonl", ".js", "/", ".csv", ".ics", ".xml")):
            assert sent["content-type"][0].lower().replace(" ", "").endswith("charset=utf-8"), (path, sent)
