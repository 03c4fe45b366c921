import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';

export default defineConfig(({ mode }) => {
  const { VITE_COUNTERSIGN_URL = '', VITE_GATEWAY_URL = '', ALLOWED_HOST } = loadEnv(mode, '.', '');
  // Vite rejects requests with the host name of a tunnel unless it is listed.
  const allowedHosts = ALLOWED_HOST ? [ALLOWED_HOST] : [];
  return {
    plugins: [react()],
    build: { assetsInlineLimit: 0 },
    server: { allowedHosts },
    preview: {
      allowedHosts,
      headers: {
        // Your own server has to send these headers with the page.
        'Content-Security-Policy': [
          "default-src 'none'",
          "script-src 'self' https://telegram.org",
          "style-src 'self'",
          'img-src https: data:',
          `connect-src ${VITE_COUNTERSIGN_URL} ${VITE_GATEWAY_URL}`,
          "base-uri 'none'",
          "form-action 'none'",
          'frame-ancestors https://web.telegram.org',
        ].join('; '),
        'X-Content-Type-Options': 'nosniff',
        'Referrer-Policy': 'no-referrer',
      },
    },
  };
});
