import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Console } from './console';

const root = document.getElementById('console');
if (root)
  createRoot(root).render(
    <StrictMode>
      <Console />
    </StrictMode>,
  );
