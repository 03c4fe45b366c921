import { describeCrowdsOfSends } from '../support/crowds-of-sends';

describeCrowdsOfSends({ size: 10, replicas: 2 });
