import './profiles.feature';

export { AuthenticatedViewer, CurrentViewer, type Caller as ViewingCaller } from './authenticated-viewer';
export { ProfilePatch } from './dto/profile.patch';
export { OwnProfileResponse, ShownFieldsResponse, UserResponse } from './dto/profile.response';
export { MAX_URL_LENGTH, readHttpsUrl } from './changes/read-change';
export { USERNAME } from './fields/username';
export { ReservedNames } from './fields/reserved-names';
export type { ShownProfile } from './profile';
export { toOwnProfileResponse, toShownFields, toUserResponse } from './profile.mapper';
export { ProfilesModule } from './profiles.module';
export { emptyProfile, MAX_OPENED, ProfilesService } from './profiles.service';
