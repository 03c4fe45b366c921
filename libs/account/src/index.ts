export { accountError } from './account.errors';
export { AccountModule } from './account.module';
export { DetachmentService } from './detachment.service';
export { InstallationService } from './installation.service';
export { AccountService, type RevocationTarget } from './account.service';
