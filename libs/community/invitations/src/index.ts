import './invitations.feature';

export { InvitationDirectory } from './admin/invitation-directory';
export { mintInvitationToken, type InvitationStatus } from './invitation';
export { InvitationsModule } from './invitations.module';
