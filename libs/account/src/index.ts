export { accountError } from './account.errors';
export { AccountModule } from './account.module';
export { DetachmentService } from './detachment.service';
export { InstallationService } from './installation.service';
export { linkControllerOf } from './link.controller';
export { AccountService, type RevocationTarget } from './account.service';
