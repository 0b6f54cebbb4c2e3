int x_eventvault;
