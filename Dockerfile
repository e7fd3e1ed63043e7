# One image, any command of servicepolicy: `docker run servicepolicy` serves, `docker run servicepolicy demo` solves.
FROM python:3.11-slim-bookworm AS build
WORKDIR /build
COPY requirements-setup.lock requirements-run.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-setup.lock \
    && python -m venv --without-pip /opt/servicepolicy \
    && uv pip sync --no-cache --python /opt/servicepolicy/bin/python --require-hashes requirements-run.lock
COPY pyproject.toml hatch_build.py README.md LICENSE ./
COPY models models
COPY optimizer optimizer
COPY store store
COPY api api
COPY client client
COPY scenarios scenarios
RUN python -m hatchling build -t wheel -d wheel \
    && uv pip install --no-cache --python /opt/servicepolicy/bin/python --no-deps wheel/*.whl \
    && /opt/servicepolicy/bin/python -m compileall -q /opt/servicepolicy/lib

FROM python:3.11-slim-bookworm
COPY --from=build /opt/servicepolicy /opt/servicepolicy
# A number, not a name: an orchestrator can then see that it is not root.
RUN install -d -o 10001 -g 10001 /data
USER 10001:10001
WORKDIR /data
# Listening to others needs an API key in the store: `docker run -v store:/data servicepolicy keys create NAME`.
ENV PATH=/opt/servicepolicy/bin:$PATH \
    SERVICEPOLICY_STORE_FOLDER=/data \
    NUMBA_CACHE_DIR=/var/tmp/servicepolicy-compiled \
    PYTHONUNBUFFERED=1
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
# The process itself is the entry point, no shell before it: SIGTERM reaches it and it drains.
ENTRYPOINT ["servicepolicy"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
