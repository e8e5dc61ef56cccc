# Build: docker build -t dealwire .        (or: buildah build -t dealwire .)
# Run:   docker compose up -d              (see docs/self-hosting.md)

ARG BASE=docker.io/library/python:3.13-slim-bookworm

FROM ${BASE} AS build
WORKDIR /src
COPY requirements.lock ./
# Every package is checked against the lock's hashes here. From here on, nothing is looked for elsewhere.
RUN python3 -m venv /tools \
    && /tools/bin/pip wheel --quiet --disable-pip-version-check --no-deps --require-hashes --wheel-dir /wheels -r requirements.lock \
    && /tools/bin/pip install --quiet --disable-pip-version-check --no-index --find-links /wheels hatchling
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY bot ./bot
COPY cogs ./cogs
COPY seeds ./seeds
# Fewer make a smaller image. "demo" is left out: it is for trying, and brings libraries under the GPL.
ARG EXTRAS=embeddings,pages,pictures,postgres
RUN python3 -m venv --without-pip /opt/dealwire \
    && /tools/bin/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir /dist . \
    && /tools/bin/pip --python /opt/dealwire/bin/python install --quiet --disable-pip-version-check --no-index \
        --find-links /wheels --find-links /dist "dealwire[${EXTRAS}]"

FROM ${BASE}
LABEL org.opencontainers.image.title="Dealwire" \
    org.opencontainers.image.description="A Discord bot for an industry's running stories" \
    org.opencontainers.image.licenses="MIT"
COPY --from=build /opt/dealwire /opt/dealwire
COPY LICENSE NOTICE /usr/share/doc/dealwire/
# The number is fixed, so that a volume keeps its owner when the image is built again.
RUN mkdir /data && chown 10001:10001 /data
USER 10001:10001
WORKDIR /data
ENV PATH=/opt/dealwire/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    DATABASE_URL=sqlite:////data/dealwire.db
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=120s --retries=3 CMD ["python3", "-m", "bot.healthcheck"]
ENTRYPOINT ["dealwire"]
CMD ["run"]
