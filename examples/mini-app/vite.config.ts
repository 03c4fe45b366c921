import react from '@vitejs/plugin-react';
import { defineConfig, loadEnv } from 'vite';

export default defineConfig(({ mode }) => {
  const { VITE_COUNTERSIGN_URL = '', VITE_ORDERS_URL = '', ALLOWED_HOST } = loadEnv(mode, '.', '');
  // A tunnel brings requests for its own name, which Vite refuses otherwise.
  const allowedHosts = ALLOWED_HOST ? [ALLOWED_HOST] : [];
  return {
    plugins: [react()],
    build: { assetsInlineLimit: 0 },
    server: { allowedHosts },
    preview: {
      allowedHosts,
      headers: {
        // What a server of your own has to send with the page.
        'Content-Security-Policy': [
          "default-src 'none'",
          "script-src 'self' https://telegram.org",
          "style-src 'self'",
          'img-src https: data:',
          `connect-src ${VITE_COUNTERSIGN_URL} ${VITE_ORDERS_URL}`,
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
