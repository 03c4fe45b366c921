import './invitations.feature';

export { InvitationDirectory } from './admin/invitation-directory';
export { mintInvitationToken, type InvitationStatus } from './invitation';
export { InvitationUpkeep } from './upkeep/invitation-upkeep';
export { InvitationsModule } from './invitations.module';
