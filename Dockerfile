# feedsvc in a container: docker build -t feedsvc . (docs/operate.md, In a container)
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/feedsvc
COPY requirements-postgres.lock ./
RUN /opt/feedsvc/bin/pip install --no-cache-dir --no-deps --use-pep517 --require-hashes \
        -r requirements-postgres.lock
COPY pyproject.toml README.md LICENSE ./
COPY feedsvc feedsvc
RUN /opt/feedsvc/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN groupadd --system --gid 10001 feedsvc \
    && useradd --system --uid 10001 --gid 10001 --home-dir /data --shell /usr/sbin/nologin feedsvc \
    && install -d -o feedsvc -g feedsvc -m 0700 /data
COPY --from=build /opt/feedsvc /opt/feedsvc
# The store is in /data; nothing else is written, so the root may be read-only (with a tmpfs at /tmp).
ENV PATH=/opt/feedsvc/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=8080 \
    STATE_DIRECTORY=/data \
    FEEDSVC_CONFIG=/config/feedsvc.toml \
    FEEDSVC_DATABASE_URL=sqlite:////data/feedsvc.db
USER 10001:10001
VOLUME ["/data"]
EXPOSE 8080
# `feedsvc run` is process 1: it hands SIGTERM on, and takes leave of orphans.
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["feedsvc"]
CMD ["run"]
