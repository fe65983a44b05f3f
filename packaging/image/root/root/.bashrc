# So that sluice's commands reach the gateway on this machine.
export SLUICE_URL=https://localhost:9464 SLUICE_CA=/etc/sluice/certificate.pem
SLUICE_TOKEN=$(/usr/lib/sluice-image/token)
export SLUICE_TOKEN
