import { createCountersign } from '@countersign/client';
import { CountersignProvider } from '@countersign/client/react';
import { createRoot } from 'react-dom/client';
import { applicationId } from '../countersign.json';
import { App } from './app';
import './style.css';

const client = createCountersign({ api: location.origin, applicationId });
const root = document.getElementById('root');

if (root)
  createRoot(root).render(
    <CountersignProvider client={client}>
      <App />
    </CountersignProvider>,
  );
