// Preloaded into the service: a rejection that nothing handles.
process.on('SIGUSR2', () => void Promise.reject(new Error('a defect')));
