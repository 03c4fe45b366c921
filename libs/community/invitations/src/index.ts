import './invitations.feature';

export { InvitationDirectory } from './admin/invitation-directory';
export { RETENTION_DAYS, mintInvitationToken, startParameterOf, type InvitationStatus } from './invitation';
export { InvitationUpkeep } from './upkeep/invitation-upkeep';
export { invitationError } from './invitations.errors';
export { InvitationsModule } from './invitations.module';
