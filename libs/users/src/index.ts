export {
  userStatuses,
  type FoundUser,
  type Identity,
  type IdentityClaim,
  type Profile,
  type ProfileField,
  type User,
  type UserStatus,
} from './user';
export { restrictProfile } from './profile-sealing';
export { userError } from './user.errors';
export { UsersModule } from './users.module';
export { UsersService } from './users.service';
