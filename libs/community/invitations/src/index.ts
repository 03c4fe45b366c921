import './invitations.feature';

export { mintInvitationToken } from './invitation';
export { InvitationsModule } from './invitations.module';
