import './embedded-wallets.clear-text';
import './embedded-wallets.feature';

export { EmbeddedWalletsModule } from './embedded-wallets.module';
