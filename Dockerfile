# syntax=docker/dockerfile:1
# One image for every role: `docker run switchyard gateway`, `… subgraph crm`, `… worker`, `… migrate`.
FROM node:24-trixie-slim AS packages
WORKDIR /app
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml main.ts roles.ts graph.ts ./
COPY patches patches
COPY demo demo
COPY gateway gateway
COPY migrations migrations
COPY runtime runtime
COPY schema schema
COPY subgraphs subgraphs
# In the layout of the workspace: Node strips no types under node_modules, where `pnpm deploy` would put our code.
RUN --mount=type=cache,id=pnpm,target=/pnpm \
    npx -y "$(node -p "require('./package.json').packageManager")" \
    install --prod --frozen-lockfile --store-dir /pnpm

FROM node:24-trixie-slim
ENV NODE_ENV=production \
    APOLLO_TELEMETRY_DISABLED=true
WORKDIR /app
COPY --from=packages /app .
RUN mkdir .data && chown node:node .data
USER node
EXPOSE 4000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "main.ts"]
CMD ["all"]
