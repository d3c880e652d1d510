"""증거 보관함: encrypted copies of held footage, one key per case (ordinance art. 24(1), PIPA art. 29). docs/vault.md."""
