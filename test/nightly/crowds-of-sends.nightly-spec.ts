import { describeCrowdsOfSends } from '../support/crowds-of-sends';

describeCrowdsOfSends({ size: 50, replicas: 3 });
