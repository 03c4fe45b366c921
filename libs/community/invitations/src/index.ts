export { mintInvitationToken } from './store/invitation.entity';
export { InvitationsModule } from './invitations.module';
