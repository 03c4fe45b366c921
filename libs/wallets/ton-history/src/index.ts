export { TonHistoryModule } from './ton-history.module';
