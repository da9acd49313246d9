import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compression } from "vite-plugin-compression2";

const server = "http://127.0.0.1:3000";

export default defineConfig({
  root: "client",
  plugins: [
    react(),
    compression({ include: /\.(js|css|svg)$/, algorithms: ["gzip", "brotliCompress"], threshold: 500 }),
  ],
  // Those of the build are read from the project's folder, these from the client's.
  optimizeDeps: { entries: ["index.html"] },
  server: {
    // For `npm run dev`. The Host stays, so the server's check of where a request comes from holds.
    proxy: {
      "/api": { target: server },
      "/socket.io": { target: server, ws: true },
      "/yjs": { target: server, ws: true },
    },
  },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "es2021",
    manifest: true,
    reportCompressedSize: false,
    rolldownOptions: {
      input: { index: "client/index.html", "service-worker": "client/offline/service-worker.ts" },
      output: {
        // The worker's address must stay the same for ever; everything else is named by its content.
        entryFileNames: ({ name }) => (name === "service-worker" ? "[name].js" : "assets/[name]-[hash].js"),
      },
    },
  },
});
