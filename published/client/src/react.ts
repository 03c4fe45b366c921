'use client';

export {
  accountErasure,
  Confirm,
  useStepUp,
  type ConfirmableAct,
  type ConfirmProps,
  type StepUp,
} from './react/acts.js';
export {
  CountersignProvider,
  TelegramLoginButton,
  useCountersign,
  useSession,
  useSignIn,
  useUser,
  type CountersignProviderProps,
  type SignIn,
  type TelegramLoginButtonProps,
  type User,
  type UserState,
} from './react/hooks.js';
