import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compression } from "vite-plugin-compression2";

export default defineConfig({
  root: "client",
  plugins: [
    react(),
    compression({ include: /\.(js|css|svg)$/, algorithms: ["gzip", "brotliCompress"], threshold: 500 }),
  ],
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
