import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { countersign, gateway, launch } from './development.js';

export default defineConfig({
  plugins: [react(), gateway(), launch()],
  server: {
    host: '127.0.0.1',
    strictPort: true,
    // Of a tunnel, which opens the page in Telegram.
    allowedHosts: ['.trycloudflare.com'],
    proxy: { '/v1': countersign.api, '/api': 'http://127.0.0.1:8080' },
  },
});
