export const USER_ID = '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10';
export const APPLICATION_ID = '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42';
