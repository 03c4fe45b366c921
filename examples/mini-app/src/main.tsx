import { CountersignProvider } from '@countersign/client/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { countersign } from './countersign';
import './style.css';
import { showPage } from './telegram';

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no #root.');

createRoot(root).render(
  <StrictMode>
    <CountersignProvider client={countersign}>
      <App />
    </CountersignProvider>
  </StrictMode>,
);
showPage();
