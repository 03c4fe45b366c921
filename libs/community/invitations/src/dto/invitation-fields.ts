import type { ApiPropertyOptions } from '@nestjs/swagger';
import { givenRoles } from '@countersign/teams';
import { recipientKinds } from '../recipient';

/** As the documents describe the fields of invitations. */
export const invitationIdField = {
  format: 'uuid',
  description: 'The id of the invitation.',
  example: '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
};
export const teamIdField = {
  format: 'uuid',
  description: 'The id of the team.',
  example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42',
};
export const roleField = {
  description: 'The role that the invited person gets.',
  enum: [...givenRoles],
  example: 'viewer',
};
export const tokenField = {
  description: 'The token of the invitation, with `i_` or without.',
  example: 'pZ0mQ4x7bV1sT9uYcE2kRnHf6LwAj3Gd',
};
export const inviterIdField = {
  type: String,
  format: 'uuid',
  nullable: true,
  description: 'Who made it; null when that account was erased.',
  example: '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b43',
} satisfies ApiPropertyOptions;
export const recipientKindField = {
  type: String,
  enum: [...recipientKinds, null],
  nullable: true,
  description: 'How it is addressed to a person; null for one that everybody with the link can use.',
  example: null,
} satisfies ApiPropertyOptions;
export const createdAtField = {
  format: 'date-time',
  description: 'When it was made.',
  example: '2026-11-22T09:30:00.000Z',
};
export const expiresAtField = {
  format: 'date-time',
  description: 'When it expires.',
  example: '2026-11-29T09:30:00.000Z',
};
