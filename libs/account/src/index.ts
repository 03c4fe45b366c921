export { accountError } from './account.errors';
export { AccountModule } from './account.module';
export { AccountService, type RevocationTarget } from './account.service';
